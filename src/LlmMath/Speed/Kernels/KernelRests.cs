namespace LlmMath.Speed.Kernels;

/// <summary>What a kernel's time rests on.</summary>
internal enum KernelRests
{
    /// <summary>Timings of this kernel on this GPU.</summary>
    Measured,

    /// <summary>Timings on another GPU, of another engine's kernel, or in another format, scaled by this GPU's
    /// peaks.</summary>
    Borrowed,

    /// <summary>No timings: the hardware's bound.</summary>
    None,
}
