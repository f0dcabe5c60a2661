using System.Globalization;
using System.Text;
using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Calibration;

/// <summary>Errors of llama.cpp and its fork of today on rows held out, by what was asked of which machine, with two rules of
/// thumb beside them.</summary>
internal static class TodayTable
{
    // What people multiply a memory's bandwidth by.
    private const double UsualShare = 0.55;

    /// <summary>Kinds with a processor.</summary>
    public const string Processor = "processor alone", Both = "GPU and processor";

    /// <summary>By what was measured.</summary>
    public static string Of(IReadOnlyList<FittedRow> held)
    {
        var text = new StringBuilder("| measured | rows | median error | 90th percentile | in the 80 % range | asked | reached "
            + "| bytes ÷ (0.55 × bandwidth): median | bytes ÷ bandwidth: median |\n|---|--:|--:|--:|--:|---|---|--:|--:|\n");
        HashSet<FittedRow> inside = HeldRange.Inside(held, KindOf);
        foreach (Kind kind in s_kinds)
        {
            List<FittedRow> of = [.. held.Where(p => kind.IsOf(p.Row))];
            if (of.Count == 0)
            {
                continue;
            }

            var found = Statistics.Unseen(of);
            bool reached = found.Median <= kind.Median && (kind.Ninety is null || found.Ninety <= kind.Ninety);
            bool isWritten = of[0].Row.Metric == Metric.InterToken && !of[0].Row.IsBatched;
            string rule = isWritten ? RuleError(of, UsualShare) : "", bound = isWritten ? RuleError(of, 1) : "";
            string asked = (kind.Median is { } median ? "≤ " + Percent(median) : "")
                + (kind.Ninety is { } ninety ? ", ≤ " + Percent(ninety) : "");
            text.Append(CultureInfo.InvariantCulture, $"| {kind.Name} | {found.Rows} | {found.Median:P1} | {found.Ninety:P1} "
                + $"| {Share(of, inside)} | {asked} | {(kind.Median is null ? "" : reached ? "yes" : "no")} "
                + $"| {rule} | {bound} |\n");
        }

        return text.ToString();
    }

    /// <summary>By who makes what multiplies.</summary>
    public static string Vendors(IReadOnlyList<FittedRow> held)
    {
        var text = new StringBuilder("| hardware | measured | rows | median error | 90th percentile | in the 80 % range |\n"
            + "|---|---|--:|--:|--:|--:|\n");
        HashSet<FittedRow> inside = HeldRange.Inside(held, KindOf);
        foreach (var of in held.GroupBy(p => (Kind: KindOf(p.Row), p.Row.Metric)).OrderBy(g => g.Key.Kind, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Metric))
        {
            var found = Statistics.Unseen(of);
            text.Append(CultureInfo.InvariantCulture, $"| {of.Key.Kind} | {MetricWords.Of(of.Key.Metric)} | {found.Rows} "
                + $"| {found.Median:P1} | {found.Ninety:P1} "
                + $"| {(of.Select(p => p.Row.Group).Distinct().Count() < 2 ? ""
                    : Share(of, inside))} |\n");
        }

        return text.ToString();
    }

    /// <summary>What shares a range: the hardware's vendor, a processor, or both together.</summary>
    public static string KindOf(Observation row) => row.Gpu.IsProcessor ? Processor
        : row.On.Host is not null ? Both : row.Gpu.Vendor;

    // Bytes that a token needs ÷ a share of the bandwidth that they are read at.
    private static double Rule(Observation row, double share) =>
        (Bytes(row.On.Work) / (share * row.On.BytesPerSecond))
        + (row.On.Host is { } host ? Bytes(host.Work) / (share * host.BytesPerSecond) : 0);

    private static double Bytes(ModelWork work) => work.Blocks.Bytes + work.Head.Bytes
        + work.Experts.Sum(experts => experts.Layers * experts.Active * experts.Each.Bytes);

    private static string RuleError(List<FittedRow> of, double share) =>
        Percent(Statistics.Of(of.Select(p => (Rule(p.Row, share), p.Row.Seconds, 1))).Median);

    private static string Share(IEnumerable<FittedRow> of, HashSet<FittedRow> inside) =>
        Percent(of.Average(p => inside.Contains(p) ? 1.0 : 0));

    private static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    private sealed record Kind(string Name, Func<Observation, bool> IsOf, double? Median = null, double? Ninety = null);

    private static readonly Kind[] s_kinds =
    [
        new("tokens, all", row => row.Metric == Metric.InterToken && !row.IsBatched, 0.08, 0.25),
        new("prompts, all", row => row.Metric == Metric.PrefillPass, 0.15, 0.45),
        new("tokens, all on the GPU", row => row.Metric == Metric.InterToken && !row.IsBatched && row.On.Host is null),
        new("prompts, all on the GPU", row => row.Metric == Metric.PrefillPass && row.On.Host is null),
        new("tokens, experts or layers in system memory",
            row => row.Metric == Metric.InterToken && !row.IsBatched && row.On.Host is not null && !row.Gpu.IsProcessor,
            0.12, 0.35),
        new("prompts, experts or layers in system memory",
            row => row.Metric == Metric.PrefillPass && row.On.Host is not null && !row.Gpu.IsProcessor, 0.25),
        new("tokens, processor alone", row => row.Metric == Metric.InterToken && !row.IsBatched && row.Gpu.IsProcessor),
        new("prompts, processor alone", row => row.Metric == Metric.PrefillPass && row.Gpu.IsProcessor),
        new("tokens, several sequences at once", row => row.Metric == Metric.InterToken && row.IsBatched, 0.15),
    ];
}
