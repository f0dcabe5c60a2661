namespace LlmMath.Numerics;

/// <summary>How a product runs.</summary>
public sealed record ProductOptions
{
    /// <summary>The usual: the widest path, the format's usual activations, the caller's thread alone.</summary>
    public static ProductOptions Default { get; } = new();

    /// <summary>How the vector is rounded; null for <see cref="MatrixFormat.UsualActivations"/>. Q8 is for block formats
    /// only.</summary>
    public ActivationFormat? Activations { get; init; }

    /// <summary>The instruction set; one that <see cref="KernelPaths.IsSupported"/>.</summary>
    public KernelPath Path { get; init; } = KernelPaths.Best;

    /// <summary>The threads that share the rows; null for the caller's alone.</summary>
    public KernelWorkers? Workers { get; init; }
}
