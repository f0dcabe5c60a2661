using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Errors on servers that drafted tokens.</summary>
internal static class SpeculationTable
{
    /// <summary>A row for each engine, model and GPU, and what was measured.</summary>
    public static string Of(IReadOnlyList<SpeculationRow> rows)
    {
        var text = new StringBuilder("| engine | model | GPU | measured | rows | median error | 90th percentile | signed "
            + "| in the 80 % range |\n|---|---|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var group in rows.GroupBy(row => (row.Engine, row.Model, row.Gpu)))
        {
            string what = $"{group.Key.Engine} | {group.Key.Model} | {group.Key.Gpu}";
            Add(text, $"{what} | time between tokens", group, row => (row.Estimate.InterTokenLatency, row.InterToken));
            Add(text, $"{what} | time to first token", group, row => (row.Estimate.TimeToFirstToken, row.FirstToken));
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, IEnumerable<SpeculationRow> rows,
        Func<SpeculationRow, (TimeRange Estimate, double Seconds)> of)
    {
        (TimeRange Estimate, double Seconds)[] pairs = [.. rows.Select(of)];
        var found = Statistics.Of(pairs.Select(pair => (pair.Estimate.Expected.TotalSeconds, pair.Seconds, 1)));
        double inside = pairs.Average(pair => pair.Seconds >= pair.Estimate.Low.TotalSeconds
            && pair.Seconds <= pair.Estimate.High.TotalSeconds ? 1.0 : 0);
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {found.Rows} | {found.Median:P1} | {found.Ninety:P1} "
            + $"| {found.Signed:+0 %;−0 %;0 %} | {inside:P0} |\n");
    }
}
