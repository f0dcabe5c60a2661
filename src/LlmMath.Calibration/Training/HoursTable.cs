using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Published hours of whole runs beside the estimated ones.</summary>
internal static class HoursTable
{
    /// <summary>A row for each run, and how many lie in their range.</summary>
    public static string Of(IReadOnlyList<TrainingHours> rows)
    {
        var text = new StringBuilder("| model | GPU | 6ND ÷ hours, of the peak | thousand GPU-hours, published | estimated "
            + "| in the range |\n|---|---|--:|--:|--:|---|\n");
        foreach (TrainingHours row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Model} | {row.Gpu} | {row.Share:P0} "
                + $"| {row.Published / 1e3:0.##} | {row.Estimate.Expected / 1e3:0.##} ({row.Estimate.Low / 1e3:0.##} to "
                + $"{row.Estimate.High / 1e3:0.##}) | {(row.IsWithin ? "yes" : "no")} |\n");
        }

        double[] errors = [.. rows.Select(row => Math.Abs((row.Estimate.Expected / row.Published) - 1))];
        double width = Quantile.Of(rows.Select(row => row.Estimate.High / row.Estimate.Low), 0.5);
        return text.Append(CultureInfo.InvariantCulture,
            $"\nThe highest of a range is {width:0.0} times its lowest in the median. "
            + $"In their range, which was asked of three in four: "
            + $"{rows.Count(row => row.IsWithin)} of {rows.Count}. Median error {Quantile.Of(errors, 0.5):P0}, 90th percentile "
            + $"{Quantile.Of(errors, 0.9):P0}.\n").ToString();
    }
}
