namespace LlmMath.Models.Attention;

/// <summary>Which of the timed kernels engines run for a mixer.</summary>
internal enum MixerKernelKind
{
    /// <summary>None that was timed.</summary>
    None,

    /// <summary>Attention to keys and values of groups of heads.</summary>
    Grouped,

    /// <summary>Latent attention.</summary>
    Latent,

    /// <summary>The gated delta rule.</summary>
    GatedDelta,

    /// <summary>Mamba-2's scan.</summary>
    Mamba2,
}

/// <summary>The kernel that engines run for a mixer, with the sizes that its time depends on, undivided.</summary>
/// <param name="Kind">Which kernel.</param>
/// <param name="Heads">Query heads, or value heads of a recurrence.</param>
/// <param name="KeyHeads">Heads of keys and values.</param>
/// <param name="HeadDim">Elements of a head.</param>
/// <param name="StateDim">Elements of a key head of a recurrence.</param>
/// <param name="Channels">Channels of a recurrence's convolution.</param>
internal readonly record struct MixerKernel(
    MixerKernelKind Kind, double Heads, double KeyHeads, double HeadDim, double StateDim = 0, double Channels = 0);
