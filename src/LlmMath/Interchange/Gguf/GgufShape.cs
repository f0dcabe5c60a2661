using LlmMath.Architectures;

namespace LlmMath.Interchange;

/// <summary>Whether a stored tensor has the shape of the one tensor that it stands for.</summary>
internal static class GgufShape
{
    /// <summary>Compares shapes without their dimensions of 1, which conversions drop and add (a convolution over single
    /// channels, a router of one output).</summary>
    /// <param name="stored">The stored shape.</param>
    /// <param name="expected">The definition's tensor; its experts, where each has its own tensor, are stacked first.</param>
    /// <param name="name">The stored tensor's name.</param>
    /// <param name="family">The definition's family.</param>
    public static bool Fits(ValueList<long> stored, Tensor expected, string name, string family)
    {
        long[] shape = [.. Enumerable.Range(0, expected.Shape.Rank).Select(axis => expected.Shape[axis])];
        long[] wanted = expected.Copies > 1 ? [expected.Copies, .. shape] : shape;
        if (IsTransposed(expected, family))
        {
            (wanted[^1], wanted[^2]) = (wanted[^2], wanted[^1]);
        }

        return IsRegrouped(name, family) || Squeezed(stored).SequenceEqual(Squeezed(wanted));
    }

    private static IEnumerable<long> Squeezed(IEnumerable<long> shape) => shape.Where(size => size != 1);

    // GPT-2's linear layers, and stacked experts as some families keep them, are [inputs, outputs].
    private static bool IsTransposed(Tensor expected, string family) => expected.Shape.Rank > 1 && family switch
    {
        "gpt2" or "jais" => expected.Role is TensorRole.Attention or TensorRole.FeedForward,
        "gpt_oss" or "llama4_text" or "qwen3_vl_moe_text" =>
            expected.Role == TensorRole.Expert && !expected.Name.EndsWith("_bias", StringComparison.Ordinal),
        _ => false,
    };

    // Mamba-2's norm is stored by groups, and DBRX's experts, one under the other in the checkpoint, as three dimensions.
    private static bool IsRegrouped(string name, string family) =>
        name.EndsWith(".ssm_norm.weight", StringComparison.Ordinal)
            || (family == "dbrx" && name.Contains("_exps.", StringComparison.Ordinal));
}
