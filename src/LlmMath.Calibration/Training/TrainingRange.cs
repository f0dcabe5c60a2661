using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>The range of training's speed: eight of ten rows that a fit has not seen lie in it.</summary>
internal static class TrainingRange
{
    // With fewer rows, or of fewer models on GPUs, a range is of all trainers.
    private const int EnoughRows = 10, EnoughFolds = 4;

    // Parts that models on GPUs are dealt into, to find what a fit has not seen.
    private const int Parts = 5;

    /// <summary>ln(estimated ÷ measured time) of each row by a fit without its part of the models on GPUs.</summary>
    public static double[] Dealt(IReadOnlyList<TrainingRow> rows, TrainingForm form)
    {
        var parts = rows.Select(row => row.Fold).Distinct().Select((fold, i) => (fold, Part: $"{i % Parts}"))
            .ToDictionary(of => of.fold, of => of.Part);
        return TrainingFit.LeftOut(rows, form, row => parts[row.Fold]);
    }

    /// <summary>Measured ÷ estimated time, of a trainer's models with experts or of its others.</summary>
    public static Spread Of(string trainer, bool isMixture, IReadOnlyList<TrainingRow> rows, double[] errors)
    {
        int[] own = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].Trainer == trainer && rows[i].IsMixture == isMixture)];
        bool isEnough = own.Length >= EnoughRows && own.Select(i => rows[i].Fold).Distinct().Count() >= EnoughFolds;
        double[] ratios = [.. (isEnough ? own : Enumerable.Range(0, rows.Count)).Select(i => Math.Exp(-errors[i]))];
        return new(Math.Min(1, Quantile.Of(ratios, 0.1)), Math.Max(1, Quantile.Of(ratios, 0.9)));
    }
}
