using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>
/// Finds a trainer's constants: first one set for all generations, by the sum of absolute logarithmic errors; then one a
/// generation, held to the first set by a prior. A coordinate at a time is tried, each with a step of its own.
/// </summary>
internal static class TrainingFit
{
    // Where every fit starts, and how far a generation's constants may lie from the common ones: a factor e at this cost, in
    // summed errors.
    private static readonly double[] s_start = [0.6, 0.4, 0.25, 0.5, 500, 0.3, 100, 0.3, 0.3, 0.3, 2];

    private const double Prior = 0.6, Bound = 0.5, FirstStep = 0.4, LastStep = 0.004;

    private const int Rounds = 80;

    // Shares of a peak are at most 1, what is not hidden at most all of it three times.
    private static readonly double[] s_most = [0.98, 0.98, 0.98, 1.5, 4000, 0.98, 3000, 3, 3, 3, 20];

    /// <summary>Constants by generation; a row's generation that is not there takes those under the empty name.</summary>
    public static Dictionary<string, double[]> Of(IReadOnlyList<TrainingRow> rows)
    {
        double[] common = Descend(rows, s_start, null);
        var fits = new Dictionary<string, double[]> { [""] = common };
        foreach (IGrouping<string, TrainingRow> generation in rows.GroupBy(row => row.Generation))
        {
            fits[generation.Key] = Descend([.. generation], common, common);
        }

        return fits;
    }

    /// <summary>ln(estimated ÷ measured time) of each row by a fit that has not seen its model on its GPU.</summary>
    public static double[] LeftOut(IReadOnlyList<TrainingRow> rows)
    {
        double[] errors = new double[rows.Count];
        foreach (string fold in rows.Select(row => row.Fold).Distinct())
        {
            Dictionary<string, double[]> fit = Of([.. rows.Where(row => row.Fold != fold)]);
            for (int i = 0; i < rows.Count; i++)
            {
                errors[i] = rows[i].Fold == fold ? rows[i].LogError(Values(fit, rows[i].Generation)) : errors[i];
            }
        }

        return errors;
    }

    /// <summary>The constants of a generation.</summary>
    public static double[] Values(Dictionary<string, double[]> fit, string generation) =>
        fit.TryGetValue(generation, out double[]? values) ? values : fit[""];

    private static double[] Descend(IReadOnlyList<TrainingRow> rows, double[] start, double[]? prior)
    {
        double[] best = [.. start], steps = [.. start.Select(_ => FirstStep)];
        double cost = Cost(rows, best, prior);
        for (int round = 0; round < Rounds && steps.Max() > LastStep; round++)
        {
            for (int i = 0; i < best.Length; i++)
            {
                double kept = best[i];
                bool better = false;
                foreach (double sign in new[] { 1.0, -1.0 })
                {
                    best[i] = Math.Min(s_most[i], kept * Math.Exp(sign * steps[i]));
                    double tried = Cost(rows, best, prior);
                    if (tried < cost)
                    {
                        (cost, better) = (tried, true);
                        break;
                    }

                    best[i] = kept;
                }

                steps[i] *= better ? 1.3 : 0.6;
            }
        }

        return best;
    }

    private static double Cost(IReadOnlyList<TrainingRow> rows, double[] values, double[]? prior)
    {
        double sum = 0;
        foreach (TrainingRow row in rows)
        {
            sum += Math.Min(Math.Abs(row.LogError(values)), Bound);
        }

        for (int i = 0; prior is not null && i < values.Length; i++)
        {
            sum += Prior * Math.Pow(Math.Log(values[i] / prior[i]), 2);
        }

        return sum;
    }
}
