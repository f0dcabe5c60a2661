namespace LlmMath.Engines.Kernels;

/// <summary>
/// The form of a kernel's time: a launch, then the greatest of three, rounded off:
/// <c>T = launch + (R^p + C^p + S^p)^(1/p)</c>,
/// reading <c>R = bytes(x + w) ÷ (bandwidth × share)</c>,
/// computing <c>C = operations(x + h) ÷ (rate × share)</c>,
/// and the steps that cannot be taken side by side <c>S = s × Π x_i^g_i</c>,
/// over the operator's sizes <c>x</c>. What is added to each size is what tiles waste, and what it takes to fill the GPU: at
/// a
/// size of h the rate is half of what is reached. Each part grows with each size, and so does the time.
/// </summary>
internal sealed record KernelForm
{
    /// <summary>Seconds until the first byte moves, and after the last.</summary>
    public double Launch { get; init; }

    /// <summary>Share of the peak bandwidth that large reads reach.</summary>
    public double Bandwidth { get; init; } = 1;

    /// <summary>Share of the peak rate that large sizes reach.</summary>
    public double Compute { get; init; } = 1;

    /// <summary>w: added to each size in what is read, one for each axis.</summary>
    public ValueList<double> HalfRead { get; init; } = [0, 0, 0, 0];

    /// <summary>h: added to each size in what is computed.</summary>
    public ValueList<double> HalfRate { get; init; } = [0, 0, 0, 0];

    /// <summary>s: seconds of the steps of a size of 1; 0 for none.</summary>
    public double Step { get; init; }

    /// <summary>g: how the steps grow with each size, 0 to 1.5.</summary>
    public ValueList<double> StepPower { get; init; } = [0, 0, 0, 0];

    /// <summary>p: how sharply one takes over from the other, 1 (they add up) or more.</summary>
    public double Sharpness { get; init; } = 2;

    /// <summary>The hardware's bound: nothing waits, everything is reached.</summary>
    public static KernelForm Bound { get; } = new() { Sharpness = 16 };
}
