namespace LlmMath.Calibration;

/// <summary>
/// Fits constants to observations. A constant is the product of what all rows share, what an engine adds, what a generation of
/// hardware adds, what both add together, what a GPU and what a release of the engine add; each factor is drawn towards its
/// prior. Passes and intervals come first, then the waits before the first token. The cost has many valleys: a fit starts at the
/// priors' centers, also where rows are left out, so that it knows nothing of them.
/// </summary>
internal static class PooledFit
{
    /// <summary>Enough steps from wherever a fit starts.</summary>
    public const int Steps = 60;

    /// <summary>The factors of rows.</summary>
    /// <param name="rows">In an order that does not depend on the files'.</param>
    /// <param name="start">Where to start, with the priors.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="attempts">How often a step is damped more before the search ends.</param>
    public static Factors Fit(IReadOnlyList<Observation> rows, Factors start, int steps = Steps, int attempts = 6)
    {
        Factors passes = Solve(rows.Select(OfPasses), start, prior => !prior.IsWait, steps, attempts);
        return Solve(rows.Select(OfWaits), passes, prior => prior.IsWait, steps, attempts);
    }

    /// <summary>What a row that was predicted costs: as much as a fit makes of it.</summary>
    public static double Error(Observation row, double predicted) =>
        row.Metric == Metric.FirstToken ? OfWaits(row).Cost(predicted) : OfPasses(row).Cost(predicted);

    private static Factors Solve(IEnumerable<CountedRow> rows, Factors start, Func<Prior, bool> isFree, int steps,
        int attempts)
    {
        CountedRow[] counted = [.. rows.Where(row => row.Weight > 0)];
        if (counted.Length == 0)
        {
            return start;
        }

        var problem = new FitProblem(counted, start, isFree);
        return problem.Space.Factors(GaussNewton.Minimize(problem, steps, attempts));
    }

    // First-token times say a little about prefill, and much about scheduling: they hardly count for the passes.
    private static CountedRow OfPasses(Observation row) => row.Metric switch
    {
        Metric.FirstToken => new(row, 0.2, 0.02 * row.CampaignWeight * row.Weight),
        Metric.Saturated => new(row, 0.15, 0.5 * row.CampaignWeight * row.Weight),
        _ => new(row, 0.08, row.CampaignWeight * row.Weight),
    };

    private static CountedRow OfWaits(Observation row) => new(row, 0.2, row.Metric == Metric.FirstToken ? row.Weight : 0);
}
