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
        return Folds(rows, row => Array.BinarySearch(groups, row.Group), groups.Length, fit);
    }

    /// <summary>The same, many groups at once: groups are dealt out to so many folds in their order.</summary>
    public static double[] Folds(IReadOnlyList<Observation> rows, int folds, Func<IReadOnlyList<Observation>, Factors> fit)
    {
        ModelOnGpu[] groups = [.. rows.Select(row => row.Group).Distinct().Order()];
        int[] shuffled = [.. Enumerable.Range(0, groups.Length)];
        new Random(12).Shuffle(shuffled);
        return Folds(rows, row => shuffled[Array.BinarySearch(groups, row.Group)] % folds, folds, fit);
    }

    /// <summary>The same of parts of another kind, a whole model for one: each by itself, or dealt out to so many folds in their
    /// order where there are more.</summary>
    public static double[] Parts(IReadOnlyList<Observation> rows, Func<Observation, string> partOf, int most,
        Func<IReadOnlyList<Observation>, Factors> fit)
    {
        string[] parts = [.. rows.Select(partOf).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> fold = parts.Index().ToDictionary(part => part.Item, part => part.Index % most);
        return Folds(rows, row => fold[partOf(row)], Math.Min(most, parts.Length), fit);
    }

    private static double[] Folds(IReadOnlyList<Observation> rows, Func<Observation, int> foldOf, int folds,
        Func<IReadOnlyList<Observation>, Factors> fit)
    {
        double[] predicted = new double[rows.Count];
        int[] foldOfRow = [.. rows.Select(foldOf)];
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
