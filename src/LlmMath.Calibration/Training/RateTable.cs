using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Errors of training's speed on models and GPUs left out.</summary>
internal static class RateTable
{
    private static readonly (string Trainer, double Median)[] s_asked =
        [("llm-foundry", 0.05), ("nemo-bridge", 0.12), ("torchtitan", 0.13)];

    /// <summary>A row for each trainer, and one for all.</summary>
    public static string Of(IReadOnlyList<HeldOutRate> rates)
    {
        var text = new StringBuilder("| trainer | rows | models × GPUs | median error | 90th percentile | in the 80 % range "
            + "| as fitted: median | one MFU: median | 90th percentile | asked | reached |\n"
            + "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|---|\n");
        foreach (var of in rates.GroupBy(rate => rate.Row.Trainer))
        {
            (_, double median) = s_asked.FirstOrDefault(asked => asked.Trainer == of.Key);
            Add(text, of.Key, [.. of], median > 0 ? median : null, null);
        }

        Add(text, "all", [.. rates], 0.09, 0.30);
        return text.ToString();
    }

    /// <summary>The models on GPUs that err most.</summary>
    public static string Worst(IReadOnlyList<HeldOutRate> rates, int most)
    {
        var text = new StringBuilder("| trainer | model, GPU | rows | tokens a second, estimated ÷ measured, median | as fitted "
            + "|\n|---|---|--:|--:|--:|\n");
        foreach (var of in rates.GroupBy(rate => (rate.Row.Trainer, rate.Row.Fold))
            .Select(of => (of.Key, Rows: of.Count(), Unseen: Quantile.Of(of.Select(rate => rate.Unseen), 0.5),
                Seen: Quantile.Of(of.Select(rate => rate.Seen), 0.5)))
            .OrderByDescending(of => Math.Abs(Math.Log(of.Unseen))).Take(most))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {of.Key.Trainer} | {of.Key.Fold} | {of.Rows} | {of.Unseen:0.00} | {of.Seen:0.00} |\n");
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string trainer, HeldOutRate[] rates, double? median, double? ninety)
    {
        double[] Errors(Func<HeldOutRate, double> of) => [.. rates.Select(rate => Math.Abs(of(rate) - 1))];
        double[] unseen = Errors(rate => rate.Unseen), baseline = Errors(rate => rate.Baseline);
        double found = Quantile.Of(unseen, 0.5), high = Quantile.Of(unseen, 0.9);
        text.Append(CultureInfo.InvariantCulture, $"| {trainer} | {rates.Length} "
            + $"| {rates.Select(rate => rate.Row.Fold).Distinct().Count()} | {found:P1} | {high:P1} "
            + $"| {rates.Average(rate => rate.IsInside ? 1.0 : 0):P0} "
            + $"| {Quantile.Of(Errors(rate => rate.Seen), 0.5):P1} | {Quantile.Of(baseline, 0.5):P1} "
            + $"| {Quantile.Of(baseline, 0.9):P1} | ")
            .Append(Bounds.Cells(("median", found, median), ("90th percentile", high, ninety))).Append('\n');
    }
}
