using System.Globalization;
using System.Text;
using LlmMath.Speed.Own;

namespace LlmMath.Calibration;

/// <summary>What rows of one's own make of estimates on rows held out.</summary>
internal static class OwnTable
{
    // Below, an estimate is good as it is.
    private const double Good = 0.10;

    /// <summary>A line for what was measured, of which rows, how many, and whether one of them is wrong.</summary>
    public static string Of(IReadOnlyList<FittedRow> today, IReadOnlyList<FittedRow> serving)
    {
        var text = new StringBuilder("| measured | own rows | asked of | profile's median error | machines or files "
            + "| before | after | of them halved | in the range before | after | width |\n"
            + "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach ((Metric metric, IReadOnlyList<FittedRow> held) in new[]
        {
            (Metric.InterToken, today), (Metric.PrefillPass, today), (Metric.InterToken, serving), (Metric.FirstToken, serving),
        })
        {
            // What the library holds was found on rows of llama.cpp, so that servers are asked of it as it is.
            bool isToday = ReferenceEquals(held, today);
            var trial = new OwnTrial(held, metric, isToday ? null
                : metric == Metric.InterToken ? OwnShares.BetweenTokens : OwnShares.Prompt);
            string measured = $"{(isToday ? "llama.cpp" : "servers")}, {MetricWords.Of(metric)}";
            foreach ((OwnKind kind, int count, double wrong) in new[]
            {
                (OwnKind.File, 3, 1.0), (OwnKind.Machine, 3, 1), (OwnKind.Machine, 5, 2),
            })
            {
                IReadOnlyList<OwnResult> all = trial.Results(kind, count, wrong);
                string rows = $"{count}{(wrong == 1 ? "" : ", one of them wrong by a factor of 2")}";
                string asked = kind == OwnKind.File ? "the same file" : "any model there";
                Line(text, $"{measured} | {rows} | {asked} | above 10 %", [.. all.Where(result => result.Before > Good)]);
                Line(text, $"{measured} | {rows} | {asked} | up to 10 %", [.. all.Where(result => result.Before <= Good)]);
            }
        }

        return text.ToString();
    }

    /// <summary>What rows have in common, as halves of the machines have it, and all.</summary>
    public static string Shares(IReadOnlyList<FittedRow> today)
    {
        var text = new StringBuilder("| measured | machines | machine | model | file | position | row |\n"
            + "|---|---|--:|--:|--:|--:|--:|\n");
        foreach (Metric metric in new[] { Metric.InterToken, Metric.PrefillPass })
        {
            var trial = new OwnTrial(today, metric);
            OwnShares used = metric == Metric.InterToken ? OwnShares.BetweenTokens : OwnShares.Prompt;
            foreach ((string of, OwnShares s) in new[]
            {
                ("one half", trial.Halves[0]), ("the other", trial.Halves[1]), ("all", trial.Shares()), ("in the library", used),
            })
            {
                text.Append(CultureInfo.InvariantCulture, $"| {MetricWords.Of(metric)} | {of} | {s.Machine:0.00} "
                    + $"| {s.Model:0.00} | {s.File:0.00} | {s.Position:0.00} | {s.Row:0.00} |\n");
            }
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string what, List<OwnResult> of)
    {
        if (of.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {of.Count} | {Quantile.Of(of.Select(r => r.Before), 0.5):P1} "
                + $"| {Quantile.Of(of.Select(r => r.After), 0.5):P1} | {of.Count(r => r.After <= r.Before / 2)} "
                + $"| {of.Average(r => r.InsideBefore).ToString("P0", CultureInfo.InvariantCulture)} "
                + $"| {of.Average(r => r.Inside).ToString("P0", CultureInfo.InvariantCulture)} "
                + $"| {Quantile.Of(of.Select(r => r.Width), 0.5):0.00} |\n");
        }
    }
}
