using LlmMath.Architectures;

namespace LlmMath.Models.Counting;

/// <summary>The one fold from tensors to parameters: distinct blocks times the layers they stand at, without enumerating
/// either.</summary>
internal static class ParameterFold
{
    /// <summary>Parameters of a decoder: Σ inputs + Σ blocks (layers × Σ tensors) + Σ outputs, of the tensors that a convention
    /// counts. Allocates nothing.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="convention">Which tensors count.</param>
    /// <param name="active">Whether an expert tensor counts only the share that one token uses.</param>
    /// <param name="role">The role to count, or null for all.</param>
    /// <exception cref="OverflowException">The sum exceeds 2⁶³ − 1.</exception>
    public static long Sum(Architecture architecture, CountingConvention convention, bool active = false, TensorRole? role = null)
    {
        long sum = Sum(architecture.Inputs, convention, active, role) + Sum(architecture.Outputs, convention, active, role);
        foreach (Block block in architecture.Blocks)
        {
            sum = checked(sum + (block.Layers.Count * Sum(block.Tensors, convention, active, role)));
        }

        return sum;
    }

    /// <summary>Whether a convention counts a tensor.</summary>
    public static bool Counts(Tensor tensor, CountingConvention convention) => convention == CountingConvention.HandEstimate
        ? !tensor.IsLinearBias && (tensor.TiedTo is null || tensor.Role == TensorRole.Head)
        : tensor.TiedTo is null;

    private static long Sum(ValueList<Tensor> tensors, CountingConvention convention, bool active, TensorRole? role)
    {
        long sum = 0;
        foreach (Tensor tensor in tensors)
        {
            if ((role is null || tensor.Role == role) && Counts(tensor, convention))
            {
                sum = checked(sum + (active ? tensor.ActiveElements : tensor.Elements));
            }
        }

        return sum;
    }
}
