using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>How far predictions lie from measurements.</summary>
/// <param name="Rows">Rows of the source.</param>
/// <param name="Median">Median of |predicted ÷ measured − 1|.</param>
/// <param name="Ninety">90th percentile of it.</param>
/// <param name="Low">10th percentile of measured ÷ predicted.</param>
/// <param name="High">90th percentile of it.</param>
/// <param name="Signed">Median of predicted ÷ measured − 1.</param>
internal sealed record Statistics(int Rows, double Median, double Ninety, double Low, double High, double Signed)
{
    /// <summary>Of pairs of a prediction and a measurement, each as often as the source holds it.</summary>
    public static Statistics Of(IEnumerable<(double Predicted, double Measured, int Rows)> pairs)
    {
        (double Predicted, double Measured)[] all = [.. pairs.SelectMany(p =>
            Enumerable.Repeat((p.Predicted, p.Measured), p.Rows))];
        double[] errors = [.. all.Select(p => Math.Abs((p.Predicted / p.Measured) - 1)).Order()];
        double[] ratios = [.. all.Select(p => p.Measured / p.Predicted).Order()];
        return new(all.Length, At(errors, 0.5), At(errors, 0.9), At(ratios, 0.1), At(ratios, 0.9),
            (1 / At(ratios, 0.5)) - 1);
    }

    /// <summary>Of rows that were held out.</summary>
    public static Statistics Unseen(IEnumerable<FittedRow> rows) => Of(rows.Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows)));

    /// <summary>Of the fit of all rows.</summary>
    public static Statistics Seen(IEnumerable<FittedRow> rows) => Of(rows.Select(p => (p.Seen, p.Row.Seconds, p.Row.Rows)));

    /// <summary>Share of measurements within factors of the prediction.</summary>
    public static double Within(IEnumerable<(double Predicted, double Measured, int Rows)> pairs, Spread spread)
    {
        double inside = 0, all = 0;
        foreach ((double predicted, double measured, int rows) in pairs)
        {
            double ratio = measured / predicted;
            inside += ratio >= spread.Low && ratio <= spread.High ? rows : 0;
            all += rows;
        }

        return inside / all;
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
