using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>What was timed.</summary>
internal sealed partial class DeviceKernels
{
    // Attention of an 8-bit cache, whether its products are made in 8 bits or 16.
    private const string EightBoth = "fp8_fp8", Eight = "fp8";

    /// <summary>Whether a kind of kernel was timed on this GPU as this engine, or every engine, runs it: with a window or
    /// without, with experts that get as many tokens or not.</summary>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="variant">As in <see cref="Rests"/>.</param>
    public bool IsTimed(KernelOperator kind, int variant)
    {
        string name = KernelVariants.Of(kind, variant, _engine)[0];
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string like = slash < 0 ? name : name[..slash];
        return Rests(kind, variant).Profile is { } found && found.Gpu == _gpu.Name
            && (found.Engine == _engine || found.Engine is "any" or "nccl")
            && found.Variant.StartsWith(like == EightBoth ? Eight : like, StringComparison.Ordinal);
    }
}
