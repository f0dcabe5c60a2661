using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>The time of a kernel by its form.</summary>
internal static class KernelFormula
{
    /// <summary><c>T = launch + (R^p + C^p + S^p)^(1/p)</c> in seconds, as <see cref="KernelForm"/> explains.</summary>
    /// <param name="form">The constants.</param>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="peaks">What bounds it.</param>
    /// <param name="sizes">The operator's sizes.</param>
    public static double Seconds(KernelForm form, KernelOperator kind, KernelPeaks peaks, ReadOnlySpan<double> sizes)
    {
        Span<double> read = stackalloc double[4], rate = stackalloc double[4];
        double steps = form.Step;
        for (int i = 0; i < sizes.Length; i++)
        {
            read[i] = sizes[i] + form.HalfRead[i];
            rate[i] = sizes[i] + form.HalfRate[i];
            steps *= form.StepPower[i] == 0 ? 1 : Math.Pow(sizes[i], form.StepPower[i]);
        }

        double reading = peaks.Reading(kind, read) / form.Bandwidth, computing = peaks.Computing(kind, rate) / form.Compute;
        double most = Math.Max(reading, Math.Max(computing, steps));
        return most == 0 ? form.Launch : form.Launch
            + (most * Math.Pow(Power(reading / most, form.Sharpness) + Power(computing / most, form.Sharpness)
                + Power(steps / most, form.Sharpness), 1 / form.Sharpness));
    }

    private static double Power(double share, double sharpness) => share == 1 ? 1 : share == 0 ? 0 : Math.Pow(share, sharpness);
}
