using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>A measured rate of training, and estimated ÷ measured tokens a second by what has not seen its model on its
/// GPU.</summary>
/// <param name="Trainer">Who trained.</param>
/// <param name="Row">The run.</param>
/// <param name="Unseen">By a fit without the model on the GPU.</param>
/// <param name="Seen">By the fit of all rows.</param>
/// <param name="Baseline">By one MFU for each trainer, generation, precision, mixture or not, adapter or not: the median of
/// rows of other models and GPUs.</param>
internal sealed record HeldOutRate(string Trainer, TrainingRow Row, double Unseen, double Seen, double Baseline)
{
    /// <summary>What a fit gives for the rows of a trainer.</summary>
    /// <param name="trainer">Who trained.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="unseen">ln(estimated ÷ measured time) of each row by a fit without its model on its GPU.</param>
    /// <param name="seen">The same by the fit of all rows.</param>
    public static IEnumerable<HeldOutRate> Of(string trainer, TrainingRow[] rows, double[] unseen, double[] seen)
    {
        double[] mfu = [.. rows.Select(MfuOf)];
        for (int i = 0; i < rows.Length; i++)
        {
            yield return new(trainer, rows[i], Math.Exp(-unseen[i]), Math.Exp(-seen[i]), Typical(rows, mfu, i) / mfu[i]);
        }
    }

    private static double MfuOf(TrainingRow row) => row.TokensPerSecond
        * TrainingFlops.Of(row.On.Model, row.Run.SequenceLength, row.Run.Adapter).PerToken
        / (row.Gpu.PeakRates.Bf16 ?? double.PositiveInfinity);

    // Where no other model shares all of it, what is known last is dropped first.
    private static double Typical(TrainingRow[] rows, double[] mfu, int at)
    {
        Func<TrainingRow, object>[] same =
        [
            row => row.Generation, row => row.Run.Products,
            row => row.On.Model.Architecture.Blocks.Any(block => block.Tensors.Any(tensor => tensor.ActiveExperts > 0)),
            row => row.Run.Adapter is null,
        ];
        for (int kept = same.Length; kept >= 0; kept--)
        {
            double[] others = [.. mfu.Where((_, i) => rows[i].Fold != rows[at].Fold
                && same[..kept].All(of => of(rows[i]).Equals(of(rows[at]))))];
            if (others.Length > 0)
            {
                return Quantile.Of(others, 0.5);
            }
        }

        return double.NaN;
    }
}
