using LlmMath.Calibration.Kernels;
using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Tests.Kernels;

/// <summary>The fit of kernels on timings that were made by a known form.</summary>
public class KernelFitTests
{
    private static readonly KernelForm s_known = new()
    {
        Launch = 3e-6, Bandwidth = 0.8, Compute = 0.7, HalfRate = [40, 0, 100, 0],
        Step = 2e-8, StepPower = [0, 0, 0.5, 0], Sharpness = 2,
    };

    [Fact]
    public void ConstantsThatMadeTheTimingsAreFound()
    {
        KernelForm found = FormFit.Of(Products(0));
        Assert.Equal(s_known.Launch, found.Launch, s_known.Launch * 0.1);
        Assert.Equal(s_known.Bandwidth, found.Bandwidth, 0.04);
        Assert.Equal(s_known.Compute, found.Compute, 0.04);
        Assert.Equal(s_known.HalfRate[0], found.HalfRate[0], 12.0);
        Assert.Equal(s_known.HalfRate[2], found.HalfRate[2], 35.0);
        Assert.Equal(s_known.Sharpness, found.Sharpness, 0.3);
    }

    [Fact]
    public void ShapesThatWereNotSeenAreMet()
    {
        double[] off = KernelFit.HeldOut(Products(0.05), byRow: false);
        Assert.InRange(KernelReport.Percent(off, 0.5), 0, 7);
        Assert.InRange(KernelReport.Percent(off, 0.9), 0, 18);
    }

    [Fact]
    public void ATimingFarOffPullsLittle()
    {
        KernelSet set = Products(0.02);
        KernelForm clean = FormFit.Of(set);
        KernelForm spoilt = FormFit.Of(set.With(set.Rows.Select((row, i) =>
            i % 20 == 0 ? row with { Seconds = row.Seconds * 20 } : row)));
        Assert.Equal(clean.Bandwidth, spoilt.Bandwidth, 0.08);
        Assert.Equal(clean.Compute, spoilt.Compute, 0.08);
    }

    [Fact]
    public void AFitIsTheSameTwice() => Assert.Equal(KernelFit.Of(Products(0.05)), KernelFit.Of(Products(0.05)));

    [Fact]
    public void CorrectionsTakeUpWhatTheFormCannotSay()
    {
        KernelSet set = Products(0);
        double[] off = [.. set.Rows.Select(row => row.Sizes[0] < 32 ? 0.3 : 0)];
        double[] corrections = CorrectionFit.Of(set.Axes, [.. set.Rows.Select(row => row.Sizes)], off, 0.05);
        int each = corrections.Length / set.Axes[0].Knots.Count;
        Assert.Equal(0.3, corrections.Take(each).Average(), 0.1);
        Assert.Equal(0, corrections.TakeLast(each).Average(), 0.05);
    }

    // Products of an H100 as the known form has them, with a deviation that is the same on every machine.
    private static KernelSet Products(double deviation)
    {
        var random = new Random(5);
        var set = new KernelSet(KernelOperator.Product, "bf16", "h100-sxm-80gb", "any");
        for (int shape = 0; shape < 60; shape++)
        {
            double n = 32 << random.Next(11), k = 32 << random.Next(11);
            for (int i = 0; i < 20; i++)
            {
                double[] sizes = [1 << random.Next(15), n, k];
                double off = Math.Exp(deviation * 2 * (random.NextDouble() + random.NextDouble() - 1));
                set.Rows.Add(new(sizes, KernelFormula.Seconds(s_known, set.Operator, set.Peaks, sizes) * off, $"{n}x{k}"));
            }
        }

        return set;
    }
}
