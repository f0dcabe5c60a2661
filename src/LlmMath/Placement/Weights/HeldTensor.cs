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
}
