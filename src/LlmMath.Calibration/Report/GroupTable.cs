using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Errors group by group, the worst first.</summary>
internal static class GroupTable
{
    /// <summary>The groups of rows that err most.</summary>
    public static string Of(IEnumerable<FittedRow> rows, int most)
    {
        var text = new StringBuilder("| engine | model | GPU | measured | rows | median error | too long, too short by "
            + "| seen |\n|---|---|---|---|---:|---:|---:|---:|\n");
        foreach (var group in rows.GroupBy(p => (Engine: p.Row.Engine.Name, p.Row.Model.Name, Gpu: p.Row.Gpu.Name, p.Row.Metric))
            .Select(g => (g.Key, Unseen: Statistics.Unseen(g), Seen: Statistics.Seen(g)))
            .OrderByDescending(g => g.Unseen.Median).ThenBy(g => g.Key.ToString(), StringComparer.Ordinal).Take(most))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key.Engine} | {group.Key.Name} | {group.Key.Gpu} "
                + $"| {MetricWords.Of(group.Key.Metric)} | {group.Unseen.Rows} | {group.Unseen.Median:P0} "
                + $"| {(group.Unseen.Signed < 0 ? "−" : "+")}{Math.Abs(group.Unseen.Signed):P0} | {group.Seen.Median:P0} |\n");
        }

        return text.ToString();
    }
}
