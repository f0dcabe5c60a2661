namespace LlmMath.Memory;

/// <summary>Where a tensor stands, as far as a quantizer's choice depends on it.</summary>
/// <param name="Architecture">The model.</param>
/// <param name="Layer">The layer's number; 0 outside the blocks.</param>
/// <param name="AttentionOrdinal">How many layers below it have values to project.</param>
/// <param name="Facts">What the whole model has.</param>
internal readonly record struct LayerPlace(Architecture Architecture, int Layer, int AttentionOrdinal, QuantizerFacts Facts);

/// <summary>What of a whole model decides a quantizer's choices.</summary>
/// <param name="Layers">Layers of the decoder.</param>
/// <param name="AttentionLayers">Layers that project values.</param>
/// <param name="Experts">Routed experts of a layer; 0 where there are none.</param>
/// <param name="QueriesPerKey">Query heads that share a key head, in the first layer that has any; 1 without attention.</param>
/// <param name="IsTied">Whether the head shares the embedding's storage.</param>
internal readonly record struct QuantizerFacts(int Layers, int AttentionLayers, long Experts, long QueriesPerKey, bool IsTied)
{
    public static QuantizerFacts Of(Architecture a)
    {
        int attention = 0;
        long experts = 0, queries = 0;
        bool tied = true;
        foreach (Block block in a.Blocks)
        {
            attention += block.IsEncoder || !ProjectsValues(block) ? 0 : block.Layers.Count;
            foreach (Tensor tensor in block.Tensors)
            {
                experts = Math.Max(experts, tensor.Experts ?? 0);
            }

            foreach (SequenceMixer mixer in block.Mixers)
            {
                queries = queries == 0 && mixer.Cache.Heads > 0 ? mixer.ParallelHeads / mixer.Cache.Heads : queries;
            }
        }

        foreach (Tensor tensor in a.Outputs)
        {
            tied &= tensor.Role != TensorRole.Head || tensor.TiedTo is not null;
        }

        return new(a.LayerCount, attention, experts, Math.Max(1, queries), tied);
    }

    /// <summary>How many layers below one project values.</summary>
    public int AttentionBelow(Architecture a, int layer)
    {
        if (AttentionLayers == Layers)
        {
            return layer;
        }

        int below = 0;
        foreach (Block block in a.Blocks)
        {
            if (!block.IsEncoder && ProjectsValues(block))
            {
                foreach (int other in block.Layers)
                {
                    below += other < layer ? 1 : 0;
                }
            }
        }

        return below;
    }

    private static bool ProjectsValues(Block block)
    {
        foreach (Tensor tensor in block.Tensors)
        {
            if (MatrixKinds.Of(tensor) is MatrixKind.Value or MatrixKind.QueryKeyValue)
            {
                return true;
            }
        }

        return false;
    }
}
