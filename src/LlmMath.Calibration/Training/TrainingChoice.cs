using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>The form of training's speed, chosen within the rows of each fold: no row had a say in its own error.</summary>
internal static class TrainingChoice
{
    // An error counts up to this: how far off a row lies that nothing explains is not to decide.
    private const double Bound = 0.5;

    private const string All = "all";

    /// <summary>Of each model on a GPU the form that its other rows choose, and how it errs on that; then all trainers.</summary>
    public static string Text(IReadOnlyList<TrainingRow> rows)
    {
        string[] folds = [.. rows.Select(row => row.Fold).Distinct()];
        var chosen = new TrainingForm[folds.Length];
        double[] errors = new double[rows.Count];
        Parallel.For(0, folds.Length, fold =>
        {
            TrainingRow[] kept = [.. rows.Where(row => row.Fold != folds[fold])];
            var fit = TrainingFit.Of(kept, chosen[fold] = Of(kept));
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i] = rows[i].Fold == folds[fold] ? fit.LogError(rows[i]) : errors[i];
            }
        });
        var text = new StringBuilder();
        for (int fold = 0; fold < folds.Length; fold++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{folds[fold]}: {chosen[fold]}\n");
        }

        foreach (var of in chosen.GroupBy(form => form).OrderByDescending(of => of.Count()))
        {
            text.Append(CultureInfo.InvariantCulture, $"{of.Count()} of {folds.Length} folds: {of.Key}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"all rows: {Of(rows)}\n");
        foreach (string trainer in rows.Select(row => row.Trainer).Distinct().Append(All))
        {
            double[] sizes = [.. errors.Where((_, i) => trainer == All || rows[i].Trainer == trainer)
                .Select(error => Math.Abs(Math.Exp(-error) - 1))];
            text.Append(CultureInfo.InvariantCulture, $"{trainer}: {sizes.Length} rows, median {Quantile.Of(sizes, 0.5):P1}, "
                + $"90th percentile {Quantile.Of(sizes, 0.9):P1}\n");
        }

        return text.ToString();
    }

    private static TrainingForm Of(IReadOnlyList<TrainingRow> rows) => TrainingForm.Of(form =>
        TrainingRange.Dealt(rows, form).Average(error => Math.Min(Math.Abs(error), Bound)));
}
