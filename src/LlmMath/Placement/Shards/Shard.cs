using LlmMath.Architectures;
using LlmMath.Formats;

namespace LlmMath.Placement.Shards;

/// <summary>The part of a model that one GPU holds: a run of layers, perhaps what stands before and after them, and its share of
/// each matrix.</summary>
/// <param name="FirstLayer">The first layer held.</param>
/// <param name="EndLayer">The layer after the last one held.</param>
/// <param name="Inputs">What it holds of the tensors before the blocks.</param>
/// <param name="HasOutputs">Whether it holds what stands after them.</param>
/// <param name="TensorDegree">GPUs that share each layer.</param>
/// <param name="ExpertDegree">GPUs that share the experts.</param>
/// <param name="HasWholeVocabulary">Whether it holds all of the embedding and the head, not its share.</param>
internal readonly record struct Shard(
    int FirstLayer, int EndLayer, InputTensors Inputs, bool HasOutputs, int TensorDegree = 1, int ExpertDegree = 1,
    bool HasWholeVocabulary = false)
{
    /// <summary>The whole model on one GPU.</summary>
    public static Shard Whole { get; } = new(0, int.MaxValue, InputTensors.All, true);

    /// <summary>What is looked up before the blocks and is not the head too, and no layer.</summary>
    public static Shard LookupsAlone { get; } = new(0, 0, InputTensors.LookedUp, false);

    /// <summary>What stands after the blocks, and no layer.</summary>
    public static Shard OutputsAlone { get; } = new(0, 0, InputTensors.None, true);

    /// <summary>A stage of a pipeline: layers ÷ stages each, and one more for each of the stages before the last as far as layers
    /// are left over. Source: vllm-project/vllm, vllm/distributed/utils.py, <c>get_pp_indices</c>.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="parallelism">The degrees.</param>
    /// <param name="stage">0 to the number of stages − 1.</param>
    public static Shard Stage(int layers, Parallelism parallelism, int stage)
    {
        int stages = parallelism.Pipeline, each = layers / stages, left = layers % stages;
        int Size(int at) => each + (at >= stages - 1 - left && at < stages - 1 ? 1 : 0);
        int first = (each * stage) + Math.Max(0, Math.Min(stage - (stages - 1 - left), left));
        bool last = stage == stages - 1;
        return new(first, last ? int.MaxValue : first + Size(stage), stage == 0 ? InputTensors.All : InputTensors.None, last,
            parallelism.Tensor, parallelism.ExpertDegree);
    }

    /// <summary>How many of a block's layers it holds.</summary>
    public int LayersOf(Block block)
    {
        if (FirstLayer == 0 && EndLayer == int.MaxValue)
        {
            return block.Layers.Count;
        }

        if (EndLayer <= FirstLayer)
        {
            return 0;
        }

        ReadOnlySpan<int> layers = block.Layers.AsSpan();
        return Ascending.Below(layers, EndLayer) - Ascending.Below(layers, FirstLayer);
    }

    /// <summary>Key and value heads held of a layer's: at least one, so that there are copies where GPUs outnumber
    /// heads.</summary>
    public long HeadsOf(long heads) => Math.Max(1, (heads + TensorDegree - 1) / TensorDegree);

    /// <summary>What one GPU holds of a tensor's bytes, with the mixer that it belongs to, or none.</summary>
    /// <param name="bytes">Bytes of the tensor over the layers held.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="kind">What it is to a quantizer.</param>
    /// <param name="cache">What its mixer caches.</param>
    /// <param name="queriesPerKey">Query heads that share a key head.</param>
    /// <param name="isCopy">Whether another stage holds it already.</param>
    public WeightShare Of(long bytes, Tensor tensor, MatrixKind kind, CachedState cache, long queriesPerKey, bool isCopy)
    {
        if (tensor.Role == TensorRole.Expert)
        {
            return new(Part(bytes, 1, ExpertDegree), 0, Floor(bytes, ExpertDegree - TensorDegree, ExpertDegree));
        }

        (long share, long of) = Fraction(kind, cache, queriesPerKey);
        return new(Part(bytes, share, of), Floor(bytes, (TensorDegree * share) - (isCopy ? 0 : of), of), 0);
    }

    // The share that one GPU holds, as a fraction.
    private (long Share, long Of) Fraction(MatrixKind kind, CachedState cache, long queriesPerKey)
    {
        if (TensorDegree == 1)
        {
            return (1, 1);
        }

        long heads = Math.Max(1, cache.Heads), held = HeadsOf(heads);
        return kind switch
        {
            MatrixKind.Embedding or MatrixKind.Head when HasWholeVocabulary => (1, 1),
            MatrixKind.None or MatrixKind.Router or MatrixKind.Replicated => (1, 1),
            MatrixKind.Key or MatrixKind.Value when cache.Heads > 0 => (held, heads),
            MatrixKind.QueryKeyValue when cache.Heads > 0 =>
                ((queriesPerKey * heads) + (2 * held * TensorDegree), (queriesPerKey + 2) * heads * TensorDegree),
            _ => (1, TensorDegree),
        };
    }

    // In 128 bits: a stack of experts times its heads can exceed 64.
    private static long Part(long bytes, long share, long of) =>
        share == of ? bytes : (long)((((Int128)bytes * share) + of - 1) / of);

    private static long Floor(long bytes, long share, long of) => share == 0 ? 0 : (long)((Int128)bytes * share / of);
}

/// <summary>Bytes of weights by who holds them.</summary>
/// <param name="Held">What one GPU holds, rounded up to whole bytes.</param>
/// <param name="Again">What the GPUs that share a layer hold more than once, or another stage holds too.</param>
/// <param name="Elsewhere">Experts that only the GPUs of other replicas hold.</param>
internal readonly record struct WeightShare(long Held, long Again, long Elsewhere)
{
    public WeightShare Plus(in WeightShare other) =>
        new(checked(Held + other.Held), checked(Again + other.Again), checked(Elsewhere + other.Elsewhere));
}

/// <summary>The tensors before the blocks, by where an engine may keep them.</summary>
[Flags]
internal enum InputTensors
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The token embedding, where the head shares its storage.</summary>
    TiedToHead = 1,

    /// <summary>Other tables of which each token reads a row: an embedding of its own, per-layer embeddings,
    /// positions.</summary>
    LookedUp = 2,

    /// <summary>What every token is multiplied by: projections, norms.</summary>
    Computed = 4,

    /// <summary>All of them.</summary>
    All = TiedToHead | LookedUp | Computed,
}
