using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Formats;
using LlmMath.Models.Families;
using LlmMath.Placement;
using LlmMath.Placement.Adapters;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;
using LlmMath.Training;

namespace LlmMath;

/// <summary>Something held beside the model: a draft model, adapters, a prefix cache, a vision tower.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Formula">How its size came about, with numbers.</param>
/// <param name="Size">What it takes, over all GPUs of a replica.</param>
public sealed record MemoryAddition(string Name, string Formula, ByteSize Size)
{
    /// <summary>Which part of the model's checkpoint it is, where it is one.</summary>
    public PartKind Kind { get; init; }

    /// <summary>Whether it is a draft model: the model's own blocks do not draft then.</summary>
    internal bool IsDraft { get; init; }

    /// <summary>A draft model for speculative decoding: its weights and its cache beside those of the model.</summary>
    /// <param name="draft">The draft model.</param>
    /// <param name="weights">How its weights are stored.</param>
    /// <param name="batch">Sequences at once.</param>
    /// <param name="context">Tokens of each: a draft keeps no more of them than it was made for.</param>
    /// <param name="cache">Number format of its keys, and of its values unless stated; bf16 unless stated.</param>
    /// <param name="values">Number format of its values; that of the keys unless stated.</param>
    /// <exception cref="EstimateException">An argument is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes; the error names what is too
    /// much.</exception>
    public static MemoryAddition Draft(ModelDefinition draft, WeightFormat weights, int batch, long context,
        CacheFormat? cache = null, CacheFormat? values = null)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(weights);
        Architecture a = draft.Architecture;
        Workload held = Workload.OfContext(Math.Min(context, a.ContextLength ?? context), batch);
        held.Check(a.ContextLength);
        CacheFormat keys = cache ?? CacheFormat.Bf16;
        try
        {
            var own = new ByteSize(WeightFold.Sum(a, weights, Shard.Whole));
            var cached = new ByteSize(batch
                * CacheFold.Sum(a, CacheLayout.Plain(keys, values ?? keys), Shard.Whole, held.Context, 0));
            return new("draft model " + draft.Name, WeightsAndCache(own, cached), own + cached) { IsDraft = true };
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(context), $"{draft.Name}: its weights and the cache of so many tokens");
        }
    }

    /// <summary>The model's own blocks for multi-token prediction, where its definition has them, stored like the model; and a
    /// cache of as many layers like its last.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">How the weights are stored.</param>
    /// <param name="batch">Sequences at once, 0 or more.</param>
    /// <param name="context">Tokens of each, 0 or more.</param>
    /// <param name="cache">Number format of its keys, and of its values unless stated; bf16 unless stated.</param>
    /// <param name="values">Number format of its values; that of the keys unless stated.</param>
    /// <exception cref="EstimateException">The model has no such blocks, or an argument is negative.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes; the error names what is too
    /// much.</exception>
    public static MemoryAddition MultiTokenPrediction(ModelDefinition model, WeightFormat weights, int batch = 0,
        long context = 0, CacheFormat? cache = null, CacheFormat? values = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        Architecture a = model.Architecture;
        Architecture alone = DraftBlocks.Alone(a)
            ?? throw new EstimateException("Model", $"{model.Name} has no blocks for multi-token prediction.");
        CacheFormat keys = cache ?? CacheFormat.Bf16;
        string blocks = alone.LayerCount.ToString(CultureInfo.InvariantCulture);
        try
        {
            var held = new ByteSize(WeightFold.Sum(alone, weights, Shard.Whole));
            var cached = new ByteSize(batch * CacheFold.Sum(alone, CacheLayout.Plain(keys, values ?? keys), Shard.Whole, context,
                0));
            return new("multi-token prediction", WeightsAndCache(held, cached), held + cached)
            {
                Kind = PartKind.MultiTokenPrediction,
            };
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(context), $"{blocks} blocks with a cache of so many tokens");
        }
    }

    /// <summary>LoRA adapters kept ready whose modules are not known: engines reserve the linear layers of the blocks for each,
    /// in 16 bits. Experts' matrices take none, as in vLLM.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapters">Adapters at once, 1 or more.</param>
    /// <param name="rank">Their rank, 1 or more; engines reserve the largest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or so many adapters exceed 2⁶³ − 1 bytes.</exception>
    public static MemoryAddition LoraAdapters(ModelDefinition model, int adapters, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        return LoraAdapters(model, adapters, LoraSpec.EngineSlot(rank));
    }

    /// <summary>LoRA adapters kept ready apart from the model: adapters × their parameters, in 16 bits. One that is merged into
    /// the weights takes nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapters">Adapters at once, 1 or more.</param>
    /// <param name="adapter">What each of them is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1, or so many adapters exceed 2⁶³ − 1 bytes.</exception>
    /// <exception cref="EstimateException">A rank is below 1, or a name means nothing of the model.</exception>
    public static MemoryAddition LoraAdapters(ModelDefinition model, int adapters, LoraSpec adapter)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(adapters);
        Int128 bytes = 2 * (Int128)adapters * AdapterFold.Parameters(model.Architecture, adapter);
        return bytes <= long.MaxValue
            ? new("LoRA adapters", string.Format(CultureInfo.InvariantCulture, "{0} adapters × {1:N0} parameters × 2 bytes",
                adapters, bytes / 2 / adapters), new((long)bytes))
            : throw TooLarge.Of(nameof(adapters), $"so many adapters of rank {adapter.Rank} for {model.Name}");
    }

    /// <summary>Prompts' keys and values kept for later requests: one sequence's cache of so many tokens, of which layers with a
    /// window keep theirs alone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Tokens kept, 1 or more.</param>
    /// <param name="cache">Number format of keys, and of values unless stated; bf16 unless stated.</param>
    /// <param name="values">Number format of values; that of the keys unless stated.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1, or so many tokens take more than 2⁶³ − 1
    /// bytes.</exception>
    public static MemoryAddition PrefixCache(ModelDefinition model, long tokens, CacheFormat? cache = null,
        CacheFormat? values = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokens);
        CacheFormat keys = cache ?? CacheFormat.Bf16, other = values ?? keys;
        try
        {
            CacheLayout layout = CacheLayout.Plain(keys, other);
            string formula = string.Join(" + ", CacheFold.Layers(model.Architecture, layout, Shard.Whole).Select(layers =>
                string.Join(" + ", new[] { layers.Tokens(layout, tokens, 0), layers.StateBytes > 0 ? layers.States : null }
                    .OfType<string>())));
            return new("prefix cache", formula,
                new(CacheFold.Sum(model.Architecture, layout, Shard.Whole, tokens, 0)));
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of(nameof(tokens), $"the cache of so many tokens of {model.Name}");
        }
    }

    /// <summary>Parts of a checkpoint that the definition does not count, in 16 bits: a vision tower and its projector.</summary>
    /// <param name="parameters">Their parameters, as published, 1 to 2⁶² − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public static MemoryAddition VisionTower(long parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parameters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters, long.MaxValue / 2);
        return new("vision tower", string.Format(CultureInfo.InvariantCulture, "{0:N0} parameters × 2 bytes", parameters),
            new(2 * parameters))
        {
            Kind = PartKind.Vision,
        };
    }

    /// <summary>The vision tower that a published count of the model holds beyond its decoder, in 16 bits.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="EstimateException">The definition's evidence names none.</exception>
    public static MemoryAddition VisionTower(ModelDefinition model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Difference? tower = model.Evidence.SelectMany(evidence => evidence.Beyond).FirstOrDefault(difference =>
            difference.Parameters > 0 && difference.What.Contains("vision", StringComparison.OrdinalIgnoreCase));
        return tower is null
            ? throw new EstimateException("Model", $"no published count says how large its vision tower is ({model.Name}).",
                "Give its parameters.")
            : VisionTower(tower.Parameters);
    }

    private static string WeightsAndCache(ByteSize weights, ByteSize cache) =>
        $"{NumberText.N(weights.Bytes)} bytes of weights + {NumberText.N(cache.Bytes)} of cache";
}
