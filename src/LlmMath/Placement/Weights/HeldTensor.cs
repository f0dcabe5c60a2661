using LlmMath.Architectures;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement.Weights;

/// <summary>A tensor, or what one GPU holds of it, over the layers of its block that stand there.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Block">The block; null before and after the blocks.</param>
/// <param name="Layers">Layers held; 1 where there is no block.</param>
/// <param name="Elements">Elements held, over these layers.</param>
internal readonly record struct HeldTensor(Tensor Tensor, Block? Block, int Layers, long Elements)
{
    /// <summary>Whether it is a routed expert's, divided among other GPUs than the rest.</summary>
    public bool IsExpert => Tensor.Role == TensorRole.Expert;

    /// <summary>Everything that one GPU holds, tensor by tensor: what <see cref="WeightFold"/> adds up, in elements.</summary>
    /// <exception cref="OverflowException">The elements exceed 2⁶³ − 1.</exception>
    public static List<HeldTensor> Of(Architecture a, in Shard shard)
    {
        var held = new List<HeldTensor>();
        foreach (Tensor tensor in a.Inputs)
        {
            if (tensor.TiedTo is null && (shard.Inputs & WeightFold.KindOf(a, tensor)) != 0)
            {
                held.Add(End(tensor, shard));
            }
        }

        foreach (Block block in a.Blocks)
        {
            int layers = shard.LayersOf(block);
            (CachedState cache, long queriesPerKey) = WeightFold.KeysOf(block);
            foreach (Tensor tensor in block.Tensors)
            {
                if (layers > 0 && tensor.TiedTo is null)
                {
                    int times = tensor.IsPerLayer ? layers : 1;
                    long elements = checked(times * tensor.Elements);
                    held.Add(new(tensor, block, times,
                        shard.Of(elements, tensor, tensor.Kind, cache, queriesPerKey, false).Held));
                }
            }
        }

        if (shard.HasOutputs)
        {
            foreach (Tensor tensor in a.Outputs)
            {
                if (tensor.TiedTo is null || (shard.Inputs & InputTensors.TiedToHead) == 0)
                {
                    held.Add(End(tensor, shard));
                }
            }
        }

        return held;
    }

    private static HeldTensor End(Tensor tensor, in Shard shard) =>
        new(tensor, null, 1, shard.Of(tensor.Elements, tensor, tensor.Kind, default, 1, false).Held);
}
