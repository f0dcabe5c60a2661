using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>
/// How wide ranges must be that eight of ten rows lie in them which nobody has seen: exponents of the factors of a generation's
/// range, by what an estimate rests on. Rows of one model on one GPU count as their square root. What rests on less is never
/// narrower; where a basis has too few rows, what rests on less stands for it.
/// </summary>
internal static class RangeWidths
{
    /// <summary>Fewer rows, or of fewer models on GPUs, say nothing of a width.</summary>
    public const int EnoughRows = 40, EnoughGroups = 5;

    private const double Share = 0.8;

    private static readonly Basis[] s_bases =
        [Basis.Measured, Basis.KernelsMeasured, Basis.Interpolated, Basis.Extrapolated];

    /// <summary>The widths of an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="sorted">Residuals of the engines that are fitted with it, the least first: what stands for it where it has
    /// too few.</param>
    /// <param name="isFirst">Of times to the first token, or between tokens.</param>
    /// <param name="except">A model on a GPU that has no say; null for none.</param>
    public static double[] Of(string engine, IReadOnlyList<Residual> sorted, bool isFirst, ModelOnGpu? except = null)
    {
        Residual[] pool = [.. sorted.Where(r => r.IsFirst == isFirst && r.Fitted.Row.Group != except)];
        Residual[] own = [.. pool.Where(r => r.Fitted.Row.Engine.Name == engine)];
        double?[] found = [.. s_bases.Select(basis => WidthOf(own, basis) ?? WidthOf(pool, basis))];
        double[] widths = new double[s_bases.Length];
        for (int i = widths.Length - 1; i >= 0; i--)
        {
            // What rests on less stands for what has too few rows.
            widths[i] = found[i] ?? (i + 1 < widths.Length ? widths[i + 1] : found.Max() ?? 1);
        }

        for (int i = 1; i < widths.Length; i++)
        {
            widths[i] = Math.Max(widths[i], widths[i - 1]);
        }

        return widths;
    }

    /// <summary>The exponent within which eight of ten residuals lie.</summary>
    /// <param name="sorted">The residuals, the least first.</param>
    public static double Quantile(IReadOnlyList<Residual> sorted) => Quantile([.. sorted.Select(r => (r.Needed, r.Weight))]);

    /// <summary>The same of exponents, the least first, each with what it counts.</summary>
    public static double Quantile((double Needed, double Weight)[] sorted)
    {
        double sum = 0, most = Share * sorted.Sum(r => r.Weight);
        foreach ((double needed, double weight) in sorted)
        {
            sum += weight;
            if (sum >= most)
            {
                return needed;
            }
        }

        return sorted[^1].Needed;
    }

    private static double? WidthOf(Residual[] sorted, Basis basis)
    {
        Residual[] rows = [.. sorted.Where(r => r.Basis == basis)];
        return rows.Length < EnoughRows || rows.Select(r => r.Fitted.Row.Group).Distinct().Count() < EnoughGroups ? null
            : Quantile(rows);
    }
}
