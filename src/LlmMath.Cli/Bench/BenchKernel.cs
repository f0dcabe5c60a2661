using LlmMath.Numerics;

namespace LlmMath.Cli.Bench;

/// <summary>A kernel to measure: weights, activations, path.</summary>
/// <param name="Name">As <c>--kernel</c> has it: <c>q4_0</c>, <c>q8_0-fp32</c>, <c>q4_0-portable</c>.</param>
/// <param name="Format">The format of the weights.</param>
/// <param name="Activations">What the vector is rounded to.</param>
/// <param name="Path">The instruction set.</param>
internal sealed record BenchKernel(string Name, MatrixFormat Format, ActivationFormat Activations, KernelPath Path)
{
    /// <summary>Every kernel on the widest path, and the block formats on the portable one too.</summary>
    public static IReadOnlyList<BenchKernel> All { get; } = [.. MatrixFormat.All.SelectMany(Of)];

    public override string ToString() => Name;

    private static IEnumerable<BenchKernel> Of(MatrixFormat format)
    {
        yield return new BenchKernel(format.Name, format, format.UsualActivations, KernelPaths.Best);
        if (format.UsualActivations == ActivationFormat.Q8)
        {
            yield return new BenchKernel(format.Name + "-fp32", format, ActivationFormat.Fp32, KernelPaths.Best);
        }

        yield return new BenchKernel(format.Name + "-portable", format, format.UsualActivations, KernelPath.Portable);
    }
}
