using LlmMath.Architectures;
using LlmMath.Placement.Shards;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Placement.Cache;

/// <summary>Layers of one kind on a GPU, with what each of them caches there.</summary>
/// <param name="Held">Layers.</param>
/// <param name="Cache">What a sequence keeps in one of them.</param>
/// <param name="Token">Bytes of a token, or of an entry of pooled tokens, in one of them.</param>
/// <param name="StateBytes">Bytes of states in one of them, whatever the sequence's length.</param>
internal readonly record struct CachedLayers(long Held, CachedState Cache, TokenParts Token, long StateBytes)
{
    /// <summary>A mixer's layers as an engine lays them out.</summary>
    public static CachedLayers Of(SequenceMixer mixer, long held, in CacheLayout layout, in Shard shard)
    {
        CachedState cache = mixer.Cache;
        return new(held, cache, layout.TokenParts(cache, shard), layout.StateBytes(cache, shard));
    }

    /// <summary>Bytes that one sequence keeps: layers × (tokens × (keys + values + indexer keys) + state + convolution), tokens
    /// at most a window's and rounded up to whole pages.</summary>
    public long At(in CacheLayout layout, long context, long encoderTokens) =>
        Held * ((layout.Tokens(Cache, context, encoderTokens) * Token.Bytes) + StateBytes);

    /// <summary>The same without states, as a formula.</summary>
    public string Tokens(in CacheLayout layout, long context, long encoderTokens) =>
        $"{N(Held)} layers × {N(layout.Tokens(Cache, context, encoderTokens))} "
        + (Cache.TokensPerEntry == 1 ? "tokens" : "entries") + $" × ({N(Token.Keys)} bytes of keys"
        + (Token.Values > 0 ? $" + {N(Token.Values)} of values" : "")
        + (Token.Index > 0 ? $" + {N(Token.Index)} of the indexer" : "") + ")";

    /// <summary>What a sequence keeps in layers of several kinds, as a formula; equal kinds together.</summary>
    public static string Formula(CachedLayers[] layers, CacheLayout layout, long context, long encoderTokens)
    {
        CachedLayers[] kinds = [.. layers.GroupBy(each => each with { Held = 0 })
            .Select(same => same.Key with { Held = same.Sum(each => each.Held) })];
        string[] terms =
        [
            .. kinds.Where(each => each.Token.Bytes > 0).Select(each => each.Tokens(layout, context, encoderTokens)),
            .. kinds.Where(each => each.StateBytes > 0).Select(each => each.States),
        ];
        return terms.Length > 0 ? string.Join(" + ", terms) : "0";
    }

    /// <summary>The states, as a formula.</summary>
    public string States => $"{N(Held)} layers × {N(StateBytes)} bytes";
}
