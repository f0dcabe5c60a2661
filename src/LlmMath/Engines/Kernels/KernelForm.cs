namespace LlmMath.Engines.Kernels;

/// <summary>
/// The form of a kernel's time: a launch, then the greatest of three, rounded off:
/// <c>T = launch + (R^p + C^p + S^p)^(1/p)</c>,
/// reading <c>R = bytes ÷ (bandwidth × share) × Π(1 + w_i ÷ x_i)</c>,
/// computing <c>C = operations ÷ (rate × share) × Π(1 + h_i ÷ x_i)</c>,
/// and the steps that cannot be taken side by side <c>S = s × Π x_i^g_i</c>,
/// over the operator's sizes <c>x_i</c>.
/// </summary>
internal sealed record KernelForm
{
    /// <summary>Seconds until the first byte moves, and after the last.</summary>
    public double Launch { get; init; }

    /// <summary>Share of the peak bandwidth that large reads reach.</summary>
    public double Bandwidth { get; init; } = 1;

    /// <summary>Share of the peak rate that large sizes reach.</summary>
    public double Compute { get; init; } = 1;

    /// <summary>w: sizes at which reading reaches half of its share; 0 where it always does. One for each axis.</summary>
    public ValueList<double> HalfRead { get; init; } = [0, 0, 0, 0];

    /// <summary>h: sizes at which the rate reaches half of its share: what tiles waste, and how many fill the GPU.</summary>
    public ValueList<double> HalfRate { get; init; } = [0, 0, 0, 0];

    /// <summary>s: seconds of the steps of a size of 1; 0 for none.</summary>
    public double Step { get; init; }

    /// <summary>g: how the steps grow with each size, 0 to 1.</summary>
    public ValueList<double> StepPower { get; init; } = [0, 0, 0, 0];

    /// <summary>p: how sharply one takes over from the other, 1 (they add up) or more.</summary>
    public double Sharpness { get; init; } = 2;

    /// <summary>The hardware's bound: nothing waits, everything is reached.</summary>
    public static KernelForm Bound { get; } = new() { Sharpness = 16 };

    /// <summary>Seconds at a point.</summary>
    /// <param name="reading">Bytes ÷ peak bandwidth, in seconds.</param>
    /// <param name="computing">Operations ÷ peak rate, in seconds.</param>
    /// <param name="sizes">The operator's sizes.</param>
    public double Seconds(double reading, double computing, ReadOnlySpan<double> sizes)
    {
        double r = reading / Bandwidth, c = computing / Compute, s = Step;
        for (int i = 0; i < sizes.Length; i++)
        {
            r *= 1 + (HalfRead[i] / sizes[i]);
            c *= 1 + (HalfRate[i] / sizes[i]);
            s *= StepPower[i] == 0 ? 1 : Math.Pow(sizes[i], StepPower[i]);
        }

        double most = Math.Max(r, Math.Max(c, s));
        return most == 0
            ? Launch
            : Launch + (most * Math.Pow(Power(r / most) + Power(c / most) + Power(s / most), 1 / Sharpness));
    }

    private double Power(double share) => share == 1 ? 1 : Math.Pow(share, Sharpness);
}
