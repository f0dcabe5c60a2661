using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>A kernel's time on a GPU over its sizes, and what it rests on.</summary>
internal sealed class KernelTable
{
    private readonly LogTable _table;
    private readonly KernelPeaks _peaks;

    /// <summary>Tabulates a profile, or the bound where there is none.</summary>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="found">Constants and where they come from.</param>
    /// <param name="peaks">What bounds it.</param>
    public KernelTable(KernelOperator kind, KernelFound found, KernelPeaks peaks)
    {
        (Found, _peaks) = (found, peaks);
        ValueList<KernelAxis> axes = KernelAxis.Of(kind);
        KernelForm form = found.Profile?.Form ?? KernelForm.Bound;
        double[]? corrections =
            found.Profile is { Corrections.Count: > 0 } profile ? new Corrections(axes, profile.Corrections).OnGrid() : null;
        _table = new(axes, (at, index) =>
        {
            double seconds = KernelFormula.Seconds(form, kind, peaks, at) * Math.Exp(corrections?[index] ?? 0);
            return Math.Max(Math.Max(seconds, 1e-12), peaks.Least(kind, at));
        });
    }

    /// <summary>What it rests on.</summary>
    public KernelFound Found { get; }

    /// <summary>Whether it is made of the same, for the same operator.</summary>
    public bool IsOf(KernelFound found, in KernelPeaks peaks) => found.Rests == Found.Rests && _peaks == peaks
        && ReferenceEquals(found.Profile, Found.Profile);

    /// <summary>Takes the times of a table of the same operator wherever they are less.</summary>
    public void Cap(KernelTable other) => _table.Cap(other._table);

    /// <summary>Seconds at a point, the operator's last size last; sizes that it lacks come first and are 1.</summary>
    public double Seconds(double w, double x, double y, double z) => _table.Seconds(w, x, y, z);

    /// <summary>The same over the second size alone.</summary>
    public LogLine Along(double y, double z) => _table.Along(y, z);

    /// <summary>Where that size lies; the same in all tables of an operator.</summary>
    public LogCut Cut(double x) => _table.Cut(x);
}

/// <summary>A profile that was found for a kernel.</summary>
/// <param name="Rests">What it rests on.</param>
/// <param name="Profile">Its constants; null for none.</param>
internal sealed record KernelFound(KernelRests Rests, KernelProfile? Profile)
{
    /// <summary>The GPU that was timed; null for none.</summary>
    public string? From => Profile?.Gpu;
}
