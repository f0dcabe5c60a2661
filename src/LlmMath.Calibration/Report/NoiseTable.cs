using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>How far measurements of one setting, with one release, lie apart: no estimate can be nearer than that.</summary>
internal static class NoiseTable
{
    /// <summary>Of settings that were measured several times.</summary>
    public static string Of(IEnumerable<FittedRow> rows)
    {
        var text = new StringBuilder("| engine | measured | settings | rows | median distance from their median "
            + "| 90th percentile |\n|---|---|---:|---:|---:|---:|\n");
        foreach (var of in rows.Select(p => p.Row).GroupBy(row => (row.Engine.Name, row.Metric))
            .OrderBy(g => g.Key.Metric).ThenBy(g => g.Key.Name, StringComparer.Ordinal))
        {
            double[][] repeated =
            [
                .. of.GroupBy(row => (row.Release, row.Model.Name, Gpu: row.Gpu.Name, Weights: row.Weights.Name,
                        row.On.Tensor, row.On.Expert, row.On.Pipeline, row.Load))
                    .Select(same => same.Select(row => row.Seconds).ToArray()).Where(same => same.Length > 1),
            ];
            double[] apart = [.. repeated.SelectMany(same =>
                same.Select(seconds => Math.Abs((seconds / Quantile.Of(same, 0.5)) - 1)))];
            if (apart.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {of.Key.Name} | {MetricWords.Of(of.Key.Metric)} "
                    + $"| {repeated.Length} | {apart.Length} | {Quantile.Of(apart, 0.5):P1} | {Quantile.Of(apart, 0.9):P0} |\n");
            }
        }

        return text.ToString();
    }
}
