using LlmMath.Formats;

namespace LlmMath.Memory;

/// <summary>The one fold from tensors to bytes of weights: distinct blocks times the layers they stand at; only where a scheme
/// chooses layer by layer, each layer.</summary>
internal static class WeightFold
{
    /// <summary>Bytes of a model's weights, or of the part that one GPU holds. Allocates nothing.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bits.</exception>
    public static long Sum(Architecture a, WeightFormat format, in Shard shard)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        long sum = 0;
        if (shard.HasInputs)
        {
            sum = Sum(a, a.Inputs, format, shard, facts, isTiedHere: true);
        }

        foreach (Block block in a.Blocks)
        {
            sum = checked(sum + Sum(a, block, format, shard, facts));
        }

        // A tied head on another stage than the embedding is a copy.
        return shard.HasOutputs ? checked(sum + Sum(a, a.Outputs, format, shard, facts, isTiedHere: shard.HasInputs)) : sum;
    }

    private static long Sum(Architecture a, ValueList<Tensor> tensors, WeightFormat format, in Shard shard,
        in QuantizerFacts facts, bool isTiedHere)
    {
        long sum = 0;
        foreach (Tensor tensor in tensors)
        {
            if (tensor.TiedTo is null || !isTiedHere)
            {
                MatrixKind kind = tensor.Kind;
                sum = checked(sum + shard.Of(format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)).Bytes(tensor.Matrices), tensor, kind, default, 1));
            }
        }

        return sum;
    }

    private static long Sum(Architecture a, Block block, WeightFormat format, in Shard shard, in QuantizerFacts facts)
    {
        int held = shard.LayersOf(block);
        if (held == 0)
        {
            return 0;
        }

        (CachedState cache, long queriesPerKey) = KeysOf(block);
        long sum = 0;
        foreach (Tensor tensor in block.Tensors)
        {
            if (tensor.TiedTo is not null)
            {
                continue;
            }

            MatrixKind kind = tensor.Kind;
            long bytes = !tensor.Name.Contains(TensorNames.Layer, StringComparison.Ordinal)
                ? format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)).Bytes(tensor.Matrices)
                : format.VariesByLayer(kind)
                    ? LayerByLayer(a, block, tensor, kind, format, shard, facts)
                    : checked(held * format.Encode(QuantizerPlaces.Of(tensor, block.Layers[0], 0, facts)).Bytes(tensor.Matrices));
            sum = checked(sum + shard.Of(bytes, tensor, kind, cache, queriesPerKey));
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
