using LlmMath.Formats;

namespace LlmMath.Memory;

/// <summary>The part of a model that one GPU holds: a run of layers, perhaps what stands before and after them, and its share of
/// each matrix.</summary>
/// <param name="FirstLayer">The first layer held.</param>
/// <param name="EndLayer">The layer after the last one held.</param>
/// <param name="HasInputs">Whether it holds what stands before the blocks.</param>
/// <param name="HasOutputs">Whether it holds what stands after them.</param>
/// <param name="TensorDegree">GPUs that share each layer.</param>
/// <param name="ExpertDegree">GPUs that share the experts.</param>
/// <param name="HasWholeVocabulary">Whether it holds all of the embedding and the head, not its share.</param>
internal readonly record struct Shard(
    int FirstLayer, int EndLayer, bool HasInputs, bool HasOutputs, int TensorDegree = 1, int ExpertDegree = 1,
    bool HasWholeVocabulary = false)
{
    /// <summary>The whole model on one GPU.</summary>
    public static Shard Whole { get; } = new(0, int.MaxValue, true, true);

    /// <summary>What stands before the blocks, and no layer.</summary>
    public static Shard InputsAlone { get; } = new(0, 0, true, false);

    /// <summary>What stands after the blocks, and no layer.</summary>
    public static Shard OutputsAlone { get; } = new(0, 0, false, true);

    /// <summary>A stage of a pipeline: layers ÷ stages each, and one more for each of the stages before the last as far as layers
    /// are left over. Source: vllm-project/vllm, vllm/distributed/utils.py, <c>get_pp_indices</c>.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="parallelism">The degrees.</param>
    /// <param name="stage">0 to the number of stages − 1.</param>
    public static Shard Stage(int layers, Parallelism parallelism, int stage)
    {
        int stages = parallelism.Pipeline, each = layers / stages, left = layers % stages;
        int Size(int at) => each + (at >= stages - 1 - left && at < stages - 1 ? 1 : 0);
        int first = 0;
        for (int before = 0; before < stage; before++)
        {
            first += Size(before);
        }

        bool last = stage == stages - 1;
        return new(first, last ? int.MaxValue : first + Size(stage), stage == 0, last, parallelism.Tensor,
            parallelism.ExpertDegree);
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

        int held = 0;
        foreach (int layer in block.Layers)
        {
            held += layer >= FirstLayer && layer < EndLayer ? 1 : 0;
        }

        return held;
    }

    /// <summary>Key and value heads held of a layer's: at least one, so that there are copies where GPUs outnumber
    /// heads.</summary>
    public long HeadsOf(long heads) => Math.Max(1, (heads + TensorDegree - 1) / TensorDegree);

    /// <summary>Bytes held of a tensor's, with the mixer that it belongs to, or none.</summary>
    public long Of(long bytes, Tensor tensor, MatrixKind kind, CachedState cache, long queriesPerKey)
    {
        if (tensor.Role == TensorRole.Expert)
        {
            return Part(bytes, 1, ExpertDegree);
        }

        if (TensorDegree == 1)
        {
            return bytes;
        }

        long heads = Math.Max(1, cache.Heads), held = HeadsOf(heads);
        return kind switch
        {
            MatrixKind.Embedding or MatrixKind.Head when HasWholeVocabulary => bytes,
            MatrixKind.None or MatrixKind.Router or MatrixKind.Replicated => bytes,
            MatrixKind.Key or MatrixKind.Value when cache.Heads > 0 => Part(bytes, held, heads),
            MatrixKind.QueryKeyValue when cache.Heads > 0 =>
                Part(bytes, (queriesPerKey * heads) + (2 * held * TensorDegree), (queriesPerKey + 2) * heads * TensorDegree),
            _ => Part(bytes, 1, TensorDegree),
        };
    }

    // In 128 bits: a stack of experts times its heads can exceed 64.
    private static long Part(long bytes, long share, long of) =>
        share == of ? bytes : (long)((((Int128)bytes * share) + of - 1) / of);
}
