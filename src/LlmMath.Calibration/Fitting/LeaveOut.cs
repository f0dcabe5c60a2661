namespace LlmMath.Calibration;

/// <summary>Cross-validation: what a fit gives for rows that it has not seen.</summary>
internal static class LeaveOut
{
    /// <summary>The time of each row from a fit that has seen no row of its model on its GPU, of any engine.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="fit">Fits to rows; it is given only those that are kept.</param>
    public static double[] Groups(IReadOnlyList<Observation> rows, Func<IReadOnlyList<Observation>, Factors> fit)
    {
        ModelOnGpu[] groups = [.. rows.Select(row => row.Group).Distinct().Order()];
        return Folds(rows, group => Array.BinarySearch(groups, group), groups.Length, fit);
    }

    /// <summary>The same, many groups at once: groups are dealt out to so many folds in their order.</summary>
    public static double[] Folds(IReadOnlyList<Observation> rows, int folds, Func<IReadOnlyList<Observation>, Factors> fit)
    {
        ModelOnGpu[] groups = [.. rows.Select(row => row.Group).Distinct().Order()];
        int[] shuffled = [.. Enumerable.Range(0, groups.Length)];
        new Random(12).Shuffle(shuffled);
        return Folds(rows, group => shuffled[Array.BinarySearch(groups, group)] % folds, folds, fit);
    }

    private static double[] Folds(IReadOnlyList<Observation> rows, Func<ModelOnGpu, int> foldOf, int folds,
        Func<IReadOnlyList<Observation>, Factors> fit)
    {
        double[] predicted = new double[rows.Count];
        int[] foldOfRow = [.. rows.Select(row => foldOf(row.Group))];
        Parallel.For(0, folds, fold =>
        {
            Factors factors = fit([.. rows.Where((_, i) => foldOfRow[i] != fold)]);
            for (int i = 0; i < rows.Count; i++)
            {
                if (foldOfRow[i] == fold)
                {
                    predicted[i] = factors.Predict(rows[i]);
                }
            }
        });
        return predicted;
    }
}
