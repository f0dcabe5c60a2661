namespace LlmMath.Memory;

/// <summary>Where a tensor stands, as far as a quantizer's choice depends on it.</summary>
/// <param name="Architecture">The model.</param>
/// <param name="Layer">The layer's number; 0 outside the blocks.</param>
/// <param name="Ordinal">How many layers below it have a tensor of its kind; in a mixture of experts the way out of the
/// feed-forward part counts layers instead.</param>
/// <param name="Facts">What the whole model has.</param>
internal readonly record struct LayerPlace(Architecture Architecture, int Layer, int Ordinal, QuantizerFacts Facts);

/// <summary>What of a whole model decides a quantizer's choices.</summary>
/// <param name="Layers">Layers of the decoder.</param>
/// <param name="AttentionLayers">Layers that project values.</param>
/// <param name="FeedForwardLayers">Layers that have a feed-forward part.</param>
/// <param name="Experts">Routed experts of a layer; 0 where there are none.</param>
/// <param name="QueriesPerKey">Query heads that share a key head, in the first layer that has any; 1 without attention.</param>
/// <param name="IsTied">Whether the head shares the embedding's storage.</param>
internal readonly record struct QuantizerFacts(
    int Layers, int AttentionLayers, int FeedForwardLayers, long Experts, long QueriesPerKey, bool IsTied)
{
    public static QuantizerFacts Of(Architecture a)
    {
        int attention = 0, feedForward = 0;
        long experts = 0, queries = 0;
        foreach (Block block in a.Blocks)
        {
            (bool hasValues, bool hasDown) = (false, false);
            foreach (Tensor tensor in block.Tensors)
            {
                experts = Math.Max(experts, tensor.Experts ?? 0);
                MatrixKind kind = MatrixKinds.Of(tensor);
                hasValues |= kind is MatrixKind.Value or MatrixKind.QueryKeyValue;
                hasDown |= kind == MatrixKind.Down;
            }

            attention += hasValues && !block.IsEncoder ? block.Layers.Count : 0;
            feedForward += hasDown && !block.IsEncoder ? block.Layers.Count : 0;

            foreach (SequenceMixer mixer in block.Mixers)
            {
                queries = queries == 0 && mixer.Cache.Heads > 0 ? mixer.ParallelHeads / mixer.Cache.Heads : queries;
            }
        }

        return new(a.LayerCount, attention, feedForward, experts, Math.Max(1, queries), IsTiedIn(a));
    }

    /// <summary>Whether a model's head shares the embedding's storage.</summary>
    public static bool IsTiedIn(Architecture a)
    {
        bool tied = true;
        foreach (Tensor tensor in a.Outputs)
        {
            tied &= tensor.Role != TensorRole.Head || tensor.TiedTo is not null;
        }

        return tied;
    }

    /// <summary>How many layers below one have a tensor of a kind, as llama.cpp's quantizer counts them.</summary>
    public int Below(Architecture a, int layer, MatrixKind kind)
    {
        bool isValue = kind == MatrixKind.Value;
        if ((isValue ? AttentionLayers : FeedForwardLayers) == Layers || (!isValue && Experts > 1))
        {
            return layer;
        }

        int below = 0;
        foreach (Block block in a.Blocks)
        {
            if (CountsFor(block, kind))
            {
                foreach (int other in block.Layers)
                {
                    below += other < layer ? 1 : 0;
                }
            }
        }

        return below;
    }

    private static bool CountsFor(Block block, MatrixKind kind)
    {
        if (block.IsEncoder)
        {
            return false;
        }

        foreach (Tensor tensor in block.Tensors)
        {
            MatrixKind other = MatrixKinds.Of(tensor);
            if (kind == MatrixKind.Value ? other is MatrixKind.Value or MatrixKind.QueryKeyValue : other == MatrixKind.Down)
            {
                return true;
            }
        }

        return false;
    }
}
