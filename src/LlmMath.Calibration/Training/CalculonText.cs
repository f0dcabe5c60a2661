using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>The eight steps of Megatron that Calculon was checked with (Korthikanti et al., arXiv:2205.05198, table 5), beside
/// what Calculon gives and what ours does, with the fit that saw them and with each model left out.</summary>
internal static class CalculonText
{
    /// <summary>The trainer whose rows they are.</summary>
    public const string Trainer = "megatron";

    // Seconds that Calculon gives with constants that were set for these. Source: calculon-ai/calculon@caa4b11f, llm-validation.
    private static readonly double[] s_calculon = [1.40, 1.14, 18.03, 13.64, 49.89, 34.47, 90.08, 66.04];

    /// <summary>The rows.</summary>
    public static TrainingRow[] RowsOf(string root) =>
        [.. TrainingSpeedFile.WithTrainers(root).Where(row => row.Trainer == Trainer).Select(row => row.Row)];

    /// <summary>Shares by which times err: of the fit that saw all, and of fits that have not seen a row's model.</summary>
    public static (double[] Seen, double[] Unseen) ErrorsOf(TrainingRow[] rows)
    {
        Dictionary<string, double[]> fit = TrainingFit.Of(rows);
        return ([.. rows.Select(row => Math.Exp(row.LogError(TrainingFit.Values(fit, row.Generation))) - 1)],
            [.. TrainingFit.LeftOut(rows).Select(error => Math.Exp(error) - 1)]);
    }

    /// <summary>A line each, then the means.</summary>
    public static string Of(string root)
    {
        TrainingRow[] rows = RowsOf(root);
        (double[] seen, double[] unseen) = ErrorsOf(rows);
        IEnumerable<string> lines = rows.Select((row, i) =>
        {
            double seconds = row.Run.GlobalBatch * row.Run.SequenceLength / (row.TokensPerSecond * row.On.Placement.Gpus);
            return string.Create(CultureInfo.InvariantCulture, $"{row.On.Model} {row.On.Placement} {row.Run.Recomputation}: "
                + $"{seconds:0.00} s measured, Calculon {s_calculon[i]:0.00}, ours {seconds * (1 + seen[i]):0.00}, its model "
                + $"left out {seconds * (1 + unseen[i]):0.00}\n");
        });
        return string.Concat(lines) + string.Create(CultureInfo.InvariantCulture,
            $"mean error: Calculon 3.65 %, ours {seen.Average(Math.Abs):0.00 %}, left out {unseen.Average(Math.Abs):0.00 %}\n");
    }
}
