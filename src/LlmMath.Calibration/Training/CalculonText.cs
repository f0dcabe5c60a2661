using System.Globalization;
using System.Text;
using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>The eight steps of Megatron that Calculon was checked with (Korthikanti et al., arXiv:2205.05198, table 5), beside
/// what Calculon gives and what ours does, with the fit that saw them and with each model left out.</summary>
internal static class CalculonText
{
    /// <summary>The trainer whose rows they are.</summary>
    public const string Trainer = "megatron";

    // Seconds that Calculon gives with constants that were set for these. Source: calculon-ai/calculon@caa4b11f, llm-validation.
    private static readonly double[] s_calculon = [1.40, 1.14, 18.03, 13.64, 49.89, 34.47, 90.08, 66.04];

    /// <summary>The mean of |estimated ÷ measured time − 1|.</summary>
    public static double MeanError(IEnumerable<HeldOutRate> rates, Func<HeldOutRate, double> rate) =>
        rates.Average(one => Math.Abs((1 / rate(one)) - 1));

    /// <summary>A table's row each, then the means and what was asked of them.</summary>
    public static string Table(IEnumerable<HeldOutRate> all)
    {
        HeldOutRate[] rates = [.. all.Where(rate => rate.Row.Trainer == Trainer)];
        var text = new StringBuilder("| model, layout | recomputed | seconds measured | Calculon | ours | its model left out |\n"
            + "|---|---|--:|--:|--:|--:|\n");
        for (int i = 0; i < rates.Length; i++)
        {
            TrainingRow row = rates[i].Row;
            double seconds = row.Run.GlobalBatch * row.Run.SequenceLength / (row.TokensPerSecond * row.On.Placement.Gpus);
            text.Append(CultureInfo.InvariantCulture, $"| {row.On.Model}, {row.On.Placement} "
                + $"| {(row.Run.Recomputation == Recomputation.Full ? "full" : "selective")} | {seconds:0.00} "
                + $"| {s_calculon[i]:0.00} | {seconds / rates[i].Seen:0.00} | {seconds / rates[i].Unseen:0.00} |\n");
        }

        double seen = MeanError(rates, rate => rate.Seen), unseen = MeanError(rates, rate => rate.Unseen);
        return text.Append(CultureInfo.InvariantCulture, $"\nMean error: Calculon 3.65 %, ours {seen:0.00 %} (asked ≤ 3.65 %), "
            + $"each model left out {unseen:0.00 %} (asked ≤ 8 %).\n").ToString();
    }
}
