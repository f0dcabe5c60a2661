using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>A cross-validation group by group: what one looks at while choosing terms.</summary>
internal static class GroupReport
{
    public static void Print(IReadOnlyCollection<FittedRow> all, TextWriter output)
    {
        foreach (var set in all.GroupBy(p => $"{p.Row.Engine.Name} {p.Row.Metric}").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Line(output, set.Key, set);
            foreach (var group in set.GroupBy(p =>
                (p.Row.Model.Name, Gpu: p.Row.Gpu.Name, Weights: p.Row.Weights.Name, p.Row.On.Pipeline, p.Row.On.Tensor))
                .OrderByDescending(g => Statistics.Unseen(g).Median))
            {
                Line(output, "    " + group.Key, group);
            }
        }
    }

    private static void Line(TextWriter output, string name, IEnumerable<FittedRow> rows)
    {
        var unseen = Statistics.Unseen(rows);
        var seen = Statistics.Seen(rows);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{unseen.Rows,4} unseen {unseen.Median,6:P1} ({unseen.Ninety,6:P1}) "
            + $"seen {seen.Median,6:P1}  ×{1 / unseen.High:0.00}…{1 / unseen.Low:0.00}  {name}"));
    }
}
