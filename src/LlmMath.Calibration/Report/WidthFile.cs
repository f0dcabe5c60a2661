using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>docs/accuracy/widths.csv: errors on folds of groups held out, with the priors' widths as they stand (chosen by hand
/// with all rows in sight), and with widths chosen inside each fold's training rows alone.</summary>
internal static class WidthFile
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "docs/accuracy/widths.csv";

    /// <summary>Groups are held out in so many folds.</summary>
    public const int Folds = 5;

    /// <summary>The file's first lines.</summary>
    public const string Head = "# Written by src/LlmMath.Calibration: errors on five folds of groups held out.\n"
        + "engine,metric,rows,median,ninety,median_chosen,ninety_chosen\n";

    /// <summary>The lines of a pool: a run of many minutes.</summary>
    public static string Text(IReadOnlyList<Observation> rows, PriorTable priors, TextWriter log)
    {
        double[] standing = LeaveOut.Folds(rows, Folds, kept => PooledFit.Fit(kept, Factors.None(priors)));
        double[] chosen = LeaveOut.Folds(rows, Folds, kept =>
        {
            (double All, double Parts) widths = WidthChoice.Of(kept, priors);
            log.WriteLine($"{kept.Count} rows chose widths × {widths}");
            return PooledFit.Fit(kept, Factors.None(WidthChoice.With(priors, widths)));
        });
        return string.Concat(rows.Select((row, i) => (row, i)).GroupBy(p => (p.row.Engine.Name, p.row.Metric))
            .OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.Metric).Select(g =>
            {
                var with = Statistics.Of(g.Select(p => (standing[p.i], p.row.Seconds, p.row.Rows)));
                var without = Statistics.Of(g.Select(p => (chosen[p.i], p.row.Seconds, p.row.Rows)));
                return string.Create(CultureInfo.InvariantCulture, $"{g.Key.Name},{g.Key.Metric},{with.Rows},"
                    + $"{with.Median:0.0000},{with.Ninety:0.0000},{without.Median:0.0000},{without.Ninety:0.0000}\n");
            }));
    }
}
