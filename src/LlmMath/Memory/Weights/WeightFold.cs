using LlmMath.Formats;

namespace LlmMath.Memory;

/// <summary>The one fold from tensors to bytes of weights: distinct blocks times the layers they stand at; only where a scheme
/// chooses layer by layer, each layer.</summary>
internal static class WeightFold
{
    /// <summary>Bytes of a model's weights, or of the part that one GPU holds. Allocates nothing.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static long Sum(Architecture a, WeightFormat format, in Shard shard) => Shares(a, format, shard).Held;

    /// <summary>The same, with what of it others hold too. Allocates nothing.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static WeightShare Shares(Architecture a, WeightFormat format, in Shard shard)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        WeightShare sum = default;
        foreach (Tensor tensor in a.Inputs)
        {
            if (tensor.TiedTo is null && (shard.Inputs & KindOf(a, tensor)) != 0)
            {
                sum = sum.Plus(End(tensor, format, shard, facts, isCopy: false));
            }
        }

        foreach (Block block in a.Blocks)
        {
            sum = sum.Plus(Sum(a, block, format, shard, facts));
        }

        if (shard.HasOutputs)
        {
            foreach (Tensor tensor in a.Outputs)
            {
                // A tied head on another stage than the embedding is a copy.
                if (tensor.TiedTo is null || (shard.Inputs & InputTensors.TiedToHead) == 0)
                {
                    sum = sum.Plus(End(tensor, format, shard, facts, isCopy: tensor.TiedTo is not null));
                }
            }
        }

        return sum;
    }

    // Only an embedding can be the head too: other inputs may be many, and so may the outputs.
    private static InputTensors KindOf(Architecture a, Tensor input)
    {
        if (input.Role is not TensorRole.Embedding)
        {
            return input.Role is TensorRole.Position ? InputTensors.LookedUp : InputTensors.Computed;
        }

        foreach (Tensor output in a.Outputs)
        {
            if (output.TiedTo == input.Name)
            {
                return InputTensors.TiedToHead;
            }
        }

        return InputTensors.LookedUp;
    }

    private static WeightShare End(Tensor tensor, WeightFormat format, in Shard shard, in QuantizerFacts facts, bool isCopy)
    {
        long bytes = format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)).Bytes(tensor.Matrices);
        return shard.Of(bytes, tensor, tensor.Kind, default, 1, isCopy);
    }

    private static WeightShare Sum(Architecture a, Block block, WeightFormat format, in Shard shard, in QuantizerFacts facts)
    {
        int held = shard.LayersOf(block);
        if (held == 0)
        {
            return default;
        }

        (CachedState cache, long queriesPerKey) = KeysOf(block);
        WeightShare sum = default;
        foreach (Tensor tensor in block.Tensors)
        {
            if (tensor.TiedTo is not null)
            {
                continue;
            }

            MatrixKind kind = tensor.Kind;
            // What all layers of a block share is there once a stage.
            bool isShared = !tensor.IsPerLayer;
            long bytes = isShared
                ? format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)).Bytes(tensor.Matrices)
                : format.VariesByLayer(kind)
                    ? LayerByLayer(a, block, tensor, kind, format, shard, facts)
                    : checked(held
                        * format.Encode(QuantizerPlaces.Of(tensor, block.Layers[0], 0, facts)).Bytes(tensor.Matrices));
            bool isCopy = isShared && block.Layers[0] < shard.FirstLayer;
            sum = sum.Plus(shard.Of(bytes, tensor, kind, cache, queriesPerKey, isCopy));
        }

        return sum;
    }

    private static long LayerByLayer(Architecture a, Block block, Tensor tensor, MatrixKind kind, WeightFormat format,
        in Shard shard, in QuantizerFacts facts)
    {
        long sum = 0, bytes = 0;
        TensorEncoding? last = null;
        foreach (int layer in block.Layers)
        {
            if (layer >= shard.FirstLayer && layer < shard.EndLayer)
            {
                TensorEncoding encoding = format.Encode(
                    QuantizerPlaces.Of(tensor, layer, QuantizerPlaces.Below(facts, a, layer, kind), facts));
                bytes = ReferenceEquals(encoding, last) ? bytes : encoding.Bytes(tensor.Matrices);
                (sum, last) = (checked(sum + bytes), encoding);
            }
        }

        return sum;
    }

    private static (CachedState Cache, long QueriesPerKey) KeysOf(Block block)
    {
        foreach (SequenceMixer mixer in block.Mixers)
        {
            if (mixer.Cache is { Heads: > 0 } cache)
            {
                return (cache, mixer.ParallelHeads / cache.Heads);
            }
        }

        return (default, 1);
    }
}
