using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement.Cache;

/// <summary>The one fold from mixers to bytes of cached state: distinct blocks times the layers they stand at.</summary>
internal static class CacheFold
{
    /// <summary>Bytes that one sequence keeps, on the GPU that holds <paramref name="shard"/>: the sum over
    /// <see cref="CachedLayers.At"/>. Allocates nothing.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static long Sum(Architecture a, in CacheLayout layout, in Shard shard, long context, long encoderTokens)
    {
        long sum = 0;
        foreach (Block block in a.Blocks)
        {
            int held = block.IsEncoder ? 0 : shard.LayersOf(block);
            if (held == 0)
            {
                continue;
            }

            int ends = EndsOf(a, block, layout, shard);
            foreach (SequenceMixer mixer in block.Mixers)
            {
                sum += CachedLayers.Of(mixer, held - ends, layout, shard).At(layout, context, encoderTokens);
                sum += ends == 0 ? 0 : CachedLayers.Of(mixer, ends, layout.AtEnds, shard).At(layout, context, encoderTokens);
            }
        }

        return sum;
    }

    /// <summary>What the sum is over, found once.</summary>
    public static CachedLayers[] Layers(Architecture a, in CacheLayout layout, in Shard shard)
    {
        var layers = new List<CachedLayers>();
        foreach (Block block in a.Blocks)
        {
            int held = block.IsEncoder ? 0 : shard.LayersOf(block);
            foreach (SequenceMixer mixer in held > 0 ? block.Mixers : [])
            {
                layers.AddRange(Layers(a, block, mixer, layout, shard));
            }
        }

        return [.. layers];
    }

    /// <summary>A mixer's layers in a block: those in the formats that were asked for, and those at the model's ends that these
    /// leave as they are.</summary>
    public static IEnumerable<CachedLayers> Layers(
        Architecture a, Block block, SequenceMixer mixer, CacheLayout layout, Shard shard)
    {
        int held = shard.LayersOf(block), ends = EndsOf(a, block, layout, shard);
        if (held > ends)
        {
            yield return CachedLayers.Of(mixer, held - ends, layout, shard);
        }

        if (ends > 0)
        {
            yield return CachedLayers.Of(mixer, ends, layout.AtEnds, shard);
        }
    }

    // Layers of a block among the first two and the last two, where the cache's format leaves those in 16 bits.
    private static int EndsOf(Architecture a, Block block, in CacheLayout layout, in Shard shard)
    {
        if (!layout.Keys.LeavesEnds || block.IsEncoder || HasStates(a))
        {
            return 0;
        }

        int each = Math.Min(CacheLayout.LayersAtEnds, a.LayerCount / 2), ends = 0;
        foreach (int layer in block.Layers.AsSpan())
        {
            bool isHeld = layer >= shard.FirstLayer && layer < shard.EndLayer;
            ends += isHeld && (layer < each || layer >= a.LayerCount - each) ? 1 : 0;
        }

        return ends;
    }

    private static bool HasStates(Architecture a)
    {
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                if (mixer.Cache.HasState)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The sum over them.</summary>
    public static long Sum(CachedLayers[] layers, in CacheLayout layout, long context, long encoderTokens)
    {
        long sum = 0;
        foreach (ref readonly CachedLayers each in layers.AsSpan())
        {
            sum += each.At(layout, context, encoderTokens);
        }

        return sum;
    }

    /// <summary>Bytes that one more token of one sequence adds: below every window, or once all of them are full.</summary>
    public static long PerToken(Architecture a, in CacheLayout layout, in Shard shard, bool beyondWindows)
    {
        long sum = 0;
        foreach (Block block in a.Blocks)
        {
            int held = block.IsEncoder ? 0 : shard.LayersOf(block), ends = EndsOf(a, block, layout, shard);
            foreach (SequenceMixer mixer in block.Mixers)
            {
                CachedState cache = mixer.Cache;
                bool grows = !cache.IsOfEncoder && (!beyondWindows || layout.Limit(cache) is null);
                long bytes = grows ? (held - ends) * layout.TokenBytes(cache, shard) : 0;
                bytes += grows && ends > 0 ? ends * layout.AtEnds.TokenBytes(cache, shard) : 0;
                sum = checked(sum + (bytes / cache.TokensPerEntry));
            }
        }

        return sum;
    }

    /// <summary>Bytes that a sequence holds whatever its length: recurrent and convolution states.</summary>
    public static long State(Architecture a, in CacheLayout layout, in Shard shard)
    {
        long sum = 0;
        foreach (Block block in a.Blocks)
        {
            int held = block.IsEncoder ? 0 : shard.LayersOf(block);
            foreach (SequenceMixer mixer in block.Mixers)
            {
                sum = checked(sum + (held * layout.StateBytes(mixer.Cache, shard)));
            }
        }

        return sum;
    }
}

/// <summary>How an engine lays cached state out.</summary>
/// <param name="Keys">Number format of keys.</param>
/// <param name="Values">Number format of values.</param>
/// <param name="PageTokens">Tokens in a page, 1 or more; a sequence takes whole pages.</param>
/// <param name="WindowTokens">Tokens kept beyond a window's width; null where the engine keeps the whole context for every
/// layer.</param>
/// <param name="StateBytesPerElement">Bytes of a state's element that the model does not keep in float32.</param>
/// <param name="ConvolutionBytesPerElement">Bytes of an element of a convolution's past inputs.</param>
/// <param name="PacksSparse">Whether sparse latent attention's cache is packed as <see cref="SparseCache"/> says.</param>
internal readonly record struct CacheLayout(CacheFormat Keys, CacheFormat Values, int PageTokens, int? WindowTokens,
    int StateBytesPerElement, int ConvolutionBytesPerElement, bool PacksSparse)
{
    /// <summary>As an engine lays it out; where its memory is not known, as without one.</summary>
    public static CacheLayout Of(Engine engine, CacheFormat keys, CacheFormat values)
    {
        CachePolicy policy = engine.Cache;
        return engine.Memory is null ? Plain(keys, values)
            : new(keys, values, policy.PageTokens, Beyond(policy.Windows, engine.Pass), policy.StateBytes,
                policy.ConvolutionBytes, policy.PacksSparse);
    }

    private static int? Beyond(WindowUse windows, PassPolicy pass) => windows switch
    {
        WindowUse.None => null,
        WindowUse.WithPass => pass.Tokens ?? 0,
        _ => 0,
    };

    /// <summary>Without an engine: to the token, states in 16 bits.</summary>
    public static CacheLayout Plain(CacheFormat keys, CacheFormat values) => new(keys, values, 1, 0, 2, 2, false);

    /// <summary>Layers at each end of a model that some formats leave as they are.</summary>
    public const int LayersAtEnds = 2;

    /// <summary>The same for layers that are left in 16 bits.</summary>
    public CacheLayout AtEnds => this with { Keys = CacheFormat.Bf16, Values = CacheFormat.Bf16 };

    /// <summary>The most tokens that are kept: a window's, and those that the engine keeps beyond it; null where the whole
    /// context is.</summary>
    public long? Limit(CachedState cache) => cache.TokenLimit is not { } limit ? null
        : cache.KeepsLimitOnly ? limit
        : WindowTokens is { } more ? checked(limit + more)
        : null;

    /// <summary>Tokens, or entries of pooled tokens, that a sequence's pages hold.</summary>
    public long Tokens(CachedState cache, long context, long encoderTokens)
    {
        long tokens = cache.IsOfEncoder ? encoderTokens
            : Limit(cache) is { } limit ? Math.Min(context, limit)
            : context;
        tokens = cache.EntriesAt(tokens);
        return checked((tokens + PageTokens - 1) / PageTokens * PageTokens);
    }

    /// <summary>Bytes of a token, or of an entry of pooled tokens, in one layer.</summary>
    public long TokenBytes(CachedState cache, in Shard shard) => TokenParts(cache, shard).Bytes;

    /// <summary>The same by what they hold; what is packed together counts as keys.</summary>
    public TokenParts TokenParts(CachedState cache, in Shard shard)
    {
        if (cache.Heads == 0)
        {
            return default;
        }

        if (PacksSparse && cache.PackedBytes > 0 && Keys.BitsPerElement == 8)
        {
            return new(cache.PackedBytes, 0, 0);
        }

        if (PacksSparse && cache.SparseRotaryElements > 0)
        {
            return new(
                Keys.BitsPerElement == 8
                    ? SparseCache.LatentBytes(cache.KeyElements, cache.SparseRotaryElements)
                    : Keys.TokenSize(cache.KeyElements, 1),
                0,
                SparseCache.IndexBytes(cache.IndexElements));
        }

        long heads = shard.HeadsOf(cache.Heads);
        return new(
            Keys.TokenSize(cache.KeyElements / cache.Heads * heads, heads),
            Values.ValueSize(cache.ValueElements / cache.Heads * heads, heads),
            Keys.TokenSize(cache.IndexElements, 1));
    }

    /// <summary>Bytes of states in one layer: recurrent ones are shared out, what a compressor holds is on every GPU.</summary>
    public long StateBytes(CachedState cache, in Shard shard) => checked(
        (cache.PoolingElements * 4) + ((((cache.StateElements * (cache.KeepsStateInFloat32 ? 4 : StateBytesPerElement))
            + (cache.ConvolutionElements * ConvolutionBytesPerElement)) + shard.TensorDegree - 1) / shard.TensorDegree));
}

/// <summary>Bytes that a layer caches of a token.</summary>
/// <param name="Keys">Keys, or what stands for both.</param>
/// <param name="Values">Values.</param>
/// <param name="Index">Keys of an indexer.</param>
internal readonly record struct TokenParts(long Keys, long Values, long Index)
{
    public long Bytes => Keys + Values + Index;
}
