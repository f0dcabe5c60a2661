using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>What the figures were at former commits, where the same command printed them.</summary>
internal static class HistoryTable
{
    /// <summary>docs/accuracy/history.csv and today's, side by side.</summary>
    public static string Of(string root, IReadOnlyList<FittedRow> all)
    {
        List<CsvRow> rows = [.. Csv.Read(Path.Combine(root, "docs/accuracy/history.csv"))];
        string[] commits = [.. rows.Select(row => row["commit"]).Distinct()];
        var text = new StringBuilder($"| engine | measured | {string.Join(" | ", commits)} | today |\n"
            + $"|---|---|{string.Concat(commits.Select(_ => "---:|"))}---:|\n");
        foreach (var of in rows.GroupBy(row => (Engine: row["engine"], Metric: Enum.Parse<Metric>(row["metric"]))))
        {
            Statistics now = Statistics.Unseen(all.Where(p =>
                p.Row.Engine.Name == of.Key.Engine && p.Row.Metric == of.Key.Metric));
            text.Append(CultureInfo.InvariantCulture, $"| {of.Key.Engine} | {MetricWords.Of(of.Key.Metric)} | ")
                .AppendJoin(" | ", commits.Select(commit => of.FirstOrDefault(row => row["commit"] == commit) is { } then
                    ? $"{then["median"]}, {then["ninety"]}" : ""))
                .Append(CultureInfo.InvariantCulture, $" | {100 * now.Median:0.0}, {100 * now.Ninety:0.0} |\n");
        }

        return text.ToString();
    }
}
