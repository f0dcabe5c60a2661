using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Measured steps of reinforcement learning beside their estimates.</summary>
internal static class ReinforcedTable
{
    private static readonly (string Set, string What)[] s_sets =
    [
        ("check", "NeMo RL"), ("stand-in", "DeepSpeed-Chat"), ("phases", "verl, not fitted; lengths found from its update"),
    ];

    /// <summary>A row for each set, and one for the steps that are fitted with each model left out.</summary>
    public static string Of(IReadOnlyList<ReinforcedRow> rows)
    {
        var text = new StringBuilder("| steps | number | median error | 90th percentile | in their range | asked | reached |\n"
            + "|---|--:|--:|--:|--:|---|---|\n");
        foreach ((string set, string what) in s_sets)
        {
            (double Error, bool In)[] of = [.. rows.Where(row => row.Set == set).SelectMany(row => row.Measured.Keys
                .Where(phase => phase is "step" or "whole")
                .Select(phase => (Math.Abs((row.Estimate(phase) / row.Measured[phase]) - 1), row.IsWithin(phase))))];
            Add(text, what, [.. of.Select(one => one.Error)], of.Count(one => one.In), null, null);
        }

        Add(text, "those of NeMo RL and DeepSpeed-Chat, each model left out", [.. ReinforcedFit.LeftOut(
            ReinforcedFit.StepsOf(rows)).Select(one => Math.Abs(one - 1))], null, 0.20, 0.50);
        return text.ToString();
    }

    /// <summary>The phases that their sources print.</summary>
    public static string Phases(IReadOnlyList<ReinforcedRow> rows)
    {
        var text = new StringBuilder("| step | model, GPUs | phase: seconds measured → estimated |\n|---|---|---|\n");
        foreach (ReinforcedRow row in rows.Where(row => row.Measured.Count > 1))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.On.Model}, {row.On.Placement.Gpus} × {row.On.Gpu} | ")
                .AppendJoin(", ", row.Measured.Select(phase => string.Create(CultureInfo.InvariantCulture,
                    $"{phase.Key} {phase.Value:0} → {row.Estimate(phase.Key):0}"))).Append(" |\n");
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, double[] errors, int? inside, double? median, double? ninety)
    {
        double found = Quantile.Of(errors, 0.5), high = Quantile.Of(errors, 0.9);
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {errors.Length} | {found:P1} | {high:P1} | {inside} | ")
            .Append(Bounds.Cells(("median", found, median), ("90th percentile", high, ninety))).Append('\n');
    }
}
