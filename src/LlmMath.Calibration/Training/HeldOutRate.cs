using LlmMath.Engines;
using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>A measured rate of training, and estimated ÷ measured tokens a second by what has not seen its model on its
/// GPU.</summary>
/// <param name="Row">The run.</param>
/// <param name="Unseen">By a fit without the model on the GPU.</param>
/// <param name="Range">Measured ÷ estimated time of eight of ten other rows that a fit without them has not seen.</param>
/// <param name="Seen">By the fit of all rows.</param>
/// <param name="Baseline">By one MFU for each trainer, generation, precision, mixture or not, adapter or not: the median of
/// rows of other models and GPUs.</param>
internal sealed record HeldOutRate(TrainingRow Row, double Unseen, Spread Range, double Seen, double Baseline)
{
    /// <summary>Whether the row lies in its range.</summary>
    public bool IsInside => Unseen >= Range.Low && Unseen <= Range.High;

    /// <summary>What fits give for rows.</summary>
    /// <param name="rows">The rows, of all trainers.</param>
    /// <param name="unseen">ln(estimated ÷ measured time) of each row by a fit without its model on its GPU, and its
    /// range.</param>
    /// <param name="seen">The same by the fit of all rows.</param>
    public static IEnumerable<HeldOutRate> Of(
        IReadOnlyList<TrainingRow> rows, (double Error, Spread Range)[] unseen, double[] seen)
    {
        double[] mfu = [.. rows.Select(MfuOf)];
        for (int i = 0; i < rows.Count; i++)
        {
            yield return new(rows[i], Math.Exp(-unseen[i].Error), unseen[i].Range, Math.Exp(-seen[i]),
                Typical(rows, mfu, i) / mfu[i]);
        }
    }

    private static double MfuOf(TrainingRow row) => row.TokensPerSecond
        * TrainingFlops.Of(row.On.Model, row.Run.SequenceLength, row.Run.Adapter).PerToken
        / (row.Gpu.PeakRates.Bf16 ?? double.PositiveInfinity);

    // Where no other model shares all of it, what is known last is dropped first.
    private static double Typical(IReadOnlyList<TrainingRow> rows, double[] mfu, int at)
    {
        Func<TrainingRow, object>[] same =
        [
            row => row.Generation, row => row.Run.Products,
            row => row.IsMixture,
            row => row.Run.Adapter is null,
        ];
        for (int kept = same.Length; kept >= 0; kept--)
        {
            double[] others = [.. mfu.Where((_, i) => rows[i].Trainer == rows[at].Trainer && rows[i].Fold != rows[at].Fold
                && same[..kept].All(of => of(rows[i]).Equals(of(rows[at]))))];
            if (others.Length > 0)
            {
                return Quantile.Of(others, 0.5);
            }
        }

        return double.NaN;
    }
}
