using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Models.Families;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement.Tensors;

/// <summary>Bytes of the tensors that a placement leaves in system memory.</summary>
/// <param name="Bytes">All of them.</param>
/// <param name="Largest">The largest of one layer: what a GPU copies at a time to multiply a large batch by it.</param>
internal readonly record struct HostWeights(long Bytes, long Largest)
{
    /// <summary>Those of the part of a model that one GPU would hold otherwise, its matrices not divided.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static HostWeights Of(Architecture a, WeightFormat format, in Shard shard, TensorHomes homes)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        HostWeights sum = default;
        for (int i = 0; i < a.Inputs.Count; i++)
        {
            if (a.Inputs[i].TiedTo is null && (shard.Inputs & WeightFold.KindOf(a, a.Inputs[i])) is var kind and not 0)
            {
                // Rows are looked up in system memory; the storage of a tied head is the embedding's.
                double share = kind == InputTensors.LookedUp || (kind == InputTensors.TiedToHead && !homes.HasHead) ? 1
                    : kind == InputTensors.TiedToHead ? 0 : homes.InputShare(i);
                sum = sum.With(End(a.Inputs[i]), share);
            }
        }

        for (int b = 0; b < a.Blocks.Count; b++)
        {
            Block block = a.Blocks[b];
            for (int t = 0; t < block.Tensors.Count; t++)
            {
                if (homes.LayerShares(b, t) is { } shares && block.Tensors[t].TiedTo is null)
                {
                    sum = sum.With(a, block, block.Tensors[t], format, shard, shares, facts);
                }
            }
        }

        for (int i = 0; shard.HasOutputs && i < a.Outputs.Count; i++)
        {
            if (a.Outputs[i].TiedTo is null || (shard.Inputs & InputTensors.TiedToHead) == 0)
            {
                sum = sum.With(End(a.Outputs[i]), homes.OutputShare(i));
            }
        }

        return sum;

        long End(Tensor tensor) => format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)).SizeOf(tensor.Matrices);
    }

    private HostWeights With(Architecture a, Block block, Tensor tensor, WeightFormat format, in Shard shard, double[] shares,
        in QuantizerFacts facts)
    {
        HostWeights sum = this;
        for (int i = 0; i < shares.Length; i++)
        {
            int layer = block.Layers[i];
            if (shares[i] > 0 && layer >= shard.FirstLayer && layer < shard.EndLayer && (tensor.IsPerLayer || i == 0))
            {
                sum = sum.With(WeightFold.EncodingAt(a, tensor, layer, format, facts).SizeOf(tensor.Matrices), shares[i]);
            }
        }

        return sum;
    }

    private HostWeights With(long bytes, double share)
    {
        long held = share == 1 ? bytes : (long)(bytes * share);
        return new(checked(Bytes + held), Math.Max(Largest, held));
    }
}
