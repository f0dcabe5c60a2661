namespace LlmMath.Calibration;

/// <summary>Chooses how wide priors are by cross-validation within the rows that it is given: called inside a fold, it never sees
/// what the fold holds out. All constants share their widths, so that nothing of a choice made by hand is left in them.</summary>
internal static class WidthChoice
{
    // By sharing: all, engine, vendor, generation, engine on a generation, GPU, release.
    private static readonly double[] s_usual = [0.5, 0.2, 0.2, 0.1, 0.05, 0.1, 0.05];

    private const int InnerFolds = 3;

    /// <summary>What is chosen from: how far constants stray from their centers, and how far engines, generations … from
    /// what they share, in multiples of the usual.</summary>
    public static IReadOnlyList<(double All, double Parts)> Candidates { get; } = [(0.5, 1), (1, 0.5), (1, 1), (1, 2)];

    /// <summary>The table with a candidate's widths.</summary>
    public static PriorTable With(PriorTable table, (double All, double Parts) candidate) => table.WithWidths((shared, _) =>
        s_usual[(int)shared] * (shared == Sharing.All ? candidate.All : candidate.Parts));

    /// <summary>The candidate whose fits err least on folds of these rows; of equals the first.</summary>
    public static (double All, double Parts) Of(IReadOnlyList<Observation> rows, PriorTable table) =>
        Candidates.MinBy(candidate =>
        {
            PriorTable priors = With(table, candidate);
            double[] unseen = LeaveOut.Folds(rows, InnerFolds, kept => PooledFit.Fit(kept, Factors.None(priors)));
            return rows.Select((row, i) => PooledFit.Error(row, unseen[i])).Sum();
        });
}
