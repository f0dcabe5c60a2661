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

    /// <summary>The delta rule where each channel decays by itself.</summary>
    KimiDelta,

    /// <summary>Attention to a window and to pooled entries that an indexer picks.</summary>
    CompressedSparse,

    /// <summary>Attention to a window and to all pooled entries.</summary>
    HeavilyCompressed,

    /// <summary>Attention to blocks of tokens that an indexer picks.</summary>
    BlockSparse,

    /// <summary>None of its own: the kernel of the mixer beside it reads its tokens too.</summary>
    Beside,
}

/// <summary>The kernel that engines run for a mixer, with the sizes that its time depends on, undivided.</summary>
/// <param name="Kind">Which kernel.</param>
/// <param name="Heads">Query heads, or value heads of a recurrence.</param>
/// <param name="KeyHeads">Heads of keys and values.</param>
/// <param name="HeadDim">Elements of a head.</param>
/// <param name="StateDim">Elements of a key head of a recurrence.</param>
/// <param name="Channels">Channels of a recurrence's convolution.</param>
/// <param name="Window">Tokens that sparse attention sees one by one beside what it picks; 0 for none.</param>
internal readonly record struct MixerKernel(MixerKernelKind Kind, double Heads, double KeyHeads, double HeadDim,
    double StateDim = 0, double Channels = 0, double Window = 0)
{
    /// <summary>Whether its timings hold all that engines launch for such a layer but the projections: an estimate may rest on
    /// them alone.</summary>
    public bool IsKnownAlone => Kind is MixerKernelKind.CompressedSparse or MixerKernelKind.HeavilyCompressed
        or MixerKernelKind.BlockSparse or MixerKernelKind.Beside;
}
