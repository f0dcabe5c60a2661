using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Timings to which one form is fitted: an operator, a variant, a GPU, an engine.</summary>
internal sealed record KernelSet(KernelOperator Operator, string Variant, string Gpu, string Engine)
{
    /// <summary>The timings.</summary>
    public List<KernelTiming> Rows { get; init; } = [];

    /// <summary>Kernels, as the files name them.</summary>
    public SortedSet<string> Kernels { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Engines and releases.</summary>
    public SortedSet<string> Releases { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The operator's axes.</summary>
    public ValueList<KernelAxis> Axes { get; } = KernelAxis.Of(Operator);

    /// <summary>The same set with some of its rows.</summary>
    public KernelSet With(IEnumerable<KernelTiming> rows) => this with { Rows = [.. rows] };

    /// <summary>What bounds it.</summary>
    public KernelPeaks Peaks => KernelPeaks.Of(Operator, Variant, GpuCatalog.Find(Gpu));

    /// <summary>What a kernel must move and compute at a point, in seconds at the GPU's peaks.</summary>
    public (double Reading, double Computing) Least(ReadOnlySpan<double> sizes) => Least(GpuCatalog.Find(Gpu), sizes);

    /// <summary>The same at another GPU's peaks.</summary>
    public (double Reading, double Computing) Least(Gpu gpu, ReadOnlySpan<double> sizes)
    {
        KernelPeaks peaks = KernelPeaks.Of(Operator, Variant, gpu);
        return (peaks.Reading(Operator, sizes), peaks.Computing(Operator, sizes));
    }
}

/// <summary>One timing.</summary>
/// <param name="Sizes">Its place on the axes.</param>
/// <param name="Seconds">What was measured.</param>
/// <param name="Shape">What is left out together: the dimensions that a model fixes.</param>
internal sealed record KernelTiming(double[] Sizes, double Seconds, string Shape)
{
    /// <summary>The kernel, as the file names it.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>Seconds of it that other kernels take, which are not fitted: the projections of an attention layer.</summary>
    public double Beside { get; init; }
}
