using System.Globalization;
using System.Text;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Errors of speed on rows held out, beside what was asked and the pure bound.</summary>
internal static class SpeedTable
{
    // Fewer rows say nothing of a range's share.
    private const int EnoughRows = 100;

    /// <summary>A row of the table for each line.</summary>
    /// <param name="all">The rows held out.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="inside">The share of some rows that lie in their range.</param>
    public static string Of(IReadOnlyList<FittedRow> all, IEnumerable<Asked> lines, Func<List<FittedRow>, double> inside)
    {
        var text = new StringBuilder("| engine | measured | rows | median error | 90th percentile | in the 80 % range "
            + "| bound's median | asked | reached |\n|---|---|---:|---:|---:|---:|---:|---|---|\n");
        foreach (Asked line in lines)
        {
            List<FittedRow> of = [.. all.Where(p => p.Row.Engine.Name == line.Engine && p.Row.Metric == line.Metric)];
            Statistics found = line.Metric is null ? Statistics.Of(Requests(all, line.Engine)) : Statistics.Unseen(of);
            string bound = line.Metric is null ? "" : Percent(Statistics.Of(of.Select(p =>
                ((p.Row with { On = p.Row.On.AtBound }).Predict(EngineConstants.Bound), p.Row.Seconds, p.Row.Rows))).Median);
            bool reached = found.Median <= line.Median && (line.Ninety is null || found.Ninety <= line.Ninety);
            text.Append(CultureInfo.InvariantCulture, $"| {line.Engine} "
                + $"| {(line.Metric is { } metric ? MetricWords.Of(metric) : "throughput per GPU")} | {found.Rows:N0} "
                + $"| {found.Median:P1} | {found.Ninety:P1} | {(of.Count >= EnoughRows ? Percent(inside(of)) : "")} | {bound} "
                + $"| {(line.Median is { } median ? "≤ " + Percent(median) : "")}"
                + $"{(line.Ninety is { } ninety ? ", ≤ " + Percent(ninety) : "")} "
                + $"| {(line.Median is null ? "" : reached ? "yes" : "no")} |\n");
        }

        return text.ToString();
    }

    /// <summary>Share of rows in their range, which is read off the residuals of the engine's other groups.</summary>
    public static double Inside(List<FittedRow> of)
    {
        double inside = 0, rows = 0;
        foreach (var group in of.GroupBy(p => p.Row.Group))
        {
            var others = Statistics.Unseen(of.Where(p => p.Row.Group != group.Key));
            int count = group.Sum(p => p.Row.Rows);
            inside += count * Statistics.Within(group.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)),
                new(others.Low, others.High));
            rows += count;
        }

        return inside / rows;
    }

    private static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    private static IEnumerable<(double Predicted, double Measured, int Rows)> Requests(
        IReadOnlyList<FittedRow> all, string engine)
    {
        foreach (var request in all
            .Where(p => p.Row.Engine.Name == engine && p.Row.Metric is Metric.FirstToken or Metric.InterToken)
            .GroupBy(p => p.Row.Key).Where(g => g.Count() == 2))
        {
            var first = request.First(p => p.Row.Metric == Metric.FirstToken);
            var between = request.First(p => p.Row.Metric == Metric.InterToken);
            double intervals = first.Row.Load.Output - 1;
            yield return (1 / (first.Unseen + (intervals * between.Unseen)),
                1 / (first.Row.Seconds + (intervals * between.Row.Seconds)), first.Row.Rows);
        }
    }
}
