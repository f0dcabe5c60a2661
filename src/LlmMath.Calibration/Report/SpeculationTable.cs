using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Errors on servers that drafted tokens.</summary>
internal static class SpeculationTable
{
    /// <summary>A row for each campaign, an engine with a model on a GPU, and what was measured; then all of them.</summary>
    public static string Of(IReadOnlyList<SpeculationRow> rows)
    {
        var text = new StringBuilder("| engine | model | GPU | measured | rows | median error | 90th percentile | signed "
            + "| in the 80 % range | in that of the other campaigns |\n|---|---|---|---|---:|---:|---:|---:|---:|---:|\n");
        var unseen = new Dictionary<(SpeculationRow, bool IsFirst), bool>();
        foreach (var group in rows.GroupBy(row => row.Group))
        {
            SpeculationRow[] others = [.. rows.Where(row => row.Group != group.Key)];
            foreach (bool isFirst in new[] { false, true })
            {
                double width = DraftedRanges.Width(others, isFirst);
                foreach (SpeculationRow row in group)
                {
                    unseen[(row, isFirst)] = DraftedRanges.Needed(row, isFirst) <= width;
                }

                Add(text, $"{group.Key.Engine} | {group.Key.Model} | {group.Key.Gpu}", group, isFirst, unseen);
            }
        }

        Add(text, "all | | ", rows, false, unseen);
        Add(text, "all | | ", rows, true, unseen);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, IEnumerable<SpeculationRow> rows, bool isFirst,
        Dictionary<(SpeculationRow, bool IsFirst), bool> unseen)
    {
        (TimeRange Estimate, double Seconds, bool IsInside)[] all =
        [
            .. rows.Select(row => (isFirst ? row.Estimate().TimeToFirstToken : row.Estimate().InterTokenLatency,
                isFirst ? row.FirstToken : row.InterToken, unseen[(row, isFirst)])),
        ];
        var found = Statistics.Of(all.Select(pair => (pair.Estimate.Expected.TotalSeconds, pair.Seconds, 1)));
        double inside = all.Average(pair => pair.Seconds >= pair.Estimate.Low.TotalSeconds
            && pair.Seconds <= pair.Estimate.High.TotalSeconds ? 1.0 : 0);
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {(isFirst ? "time to first token" : "time between tokens")} "
            + $"| {found.Rows} | {found.Median:P1} | {found.Ninety:P1} | {found.Signed:+0 %;−0 %;0 %} | {inside:P0} "
            + $"| {all.Average(pair => pair.IsInside ? 1.0 : 0):P0} |\n");
    }
}
