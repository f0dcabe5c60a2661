using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Errors on servers that others measured, which no constant was fitted to.</summary>
internal static class OutsideTable
{
    /// <summary>A row for each source, model and format, and one for all.</summary>
    public static string Of(IReadOnlyList<OutsideRow> rows)
    {
        var text = new StringBuilder("| source | model, GPU, weights | measured | rows | median error | 90th percentile "
            + "| signed | in the 80 % range |\n|---|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var group in rows.GroupBy(row => (row.Source, row.Model, row.Gpu, row.Weights, row.IsRate)))
        {
            string measured = group.Key.IsRate ? "throughput" : "time between tokens";
            Add(text, $"{group.Key.Source} | {group.Key.Model}, {group.Key.Gpu}, {group.Key.Weights} | {measured}", [.. group]);
        }

        Add(text, "all | | time of a token", rows);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, IReadOnlyList<OutsideRow> rows)
    {
        var found = Statistics.Of(rows.Select(row => row.Pair));
        double inside = rows.Count(row => row.IsInRange) / (double)rows.Count;
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {found.Rows} | {found.Median:P1} | {found.Ninety:P1} "
            + $"| {found.Signed:+0 %;−0 %;0 %} | {inside:P0} |\n");
    }
}
