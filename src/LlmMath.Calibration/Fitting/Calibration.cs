namespace LlmMath.Calibration;

/// <summary>A set of engines fitted together: passes and intervals first, then the waits before the first token.</summary>
internal sealed class Calibration(IReadOnlyList<Observation> rows, Func<string, Prior> priorOf)
{
    private const int Steps = 30, StepsLeftOut = 6;

    private readonly PooledFit _passes = new(priorOf, name => !Prior.Waits.Contains(name), PassScale);
    private readonly PooledFit _waits = new(priorOf, Prior.Waits.Contains, row => row.Metric == Metric.FirstToken ? (0.2, 1)
        : (1, 0));

    public IReadOnlyList<Observation> Rows => rows;

    /// <summary>The factors of all rows.</summary>
    public Dictionary<string, double[]> FitAll() => Fit(rows, null, Steps);

    /// <summary>The constants of an engine on what is named of a place.</summary>
    public double[] ConstantsOf(Dictionary<string, double[]> fit, string engine, Place place) =>
        _passes.ConstantsOf(fit, engine, place);

    /// <summary>The time that a fit gives.</summary>
    public double Predict(Dictionary<string, double[]> fit, Observation row) => _passes.Predict(fit, row);

    /// <summary>The time of each row from a fit that has seen no row of its model on its GPU, of any engine.</summary>
    public double[] LeaveGroupOut(Dictionary<string, double[]> all)
    {
        double[] predicted = new double[rows.Count];
        string[] groups = [.. rows.Select(row => row.Group).Distinct().Order(StringComparer.Ordinal)];
        Parallel.ForEach(groups, group =>
        {
            List<Observation> kept = [.. rows.Where(row => row.Group != group)];
            Dictionary<string, double[]> fit = Fit(kept, PooledFit.Known(all, kept), StepsLeftOut);
            for (int i = 0; i < rows.Count; i++)
            {
                if (rows[i].Group == group)
                {
                    predicted[i] = Predict(fit, rows[i]);
                }
            }
        });
        return predicted;
    }

    // First-token times say a little about prefill, and much about scheduling: they hardly count for the passes.
    private static (double Scale, double Weight) PassScale(Observation row) => row.Metric switch
    {
        Metric.FirstToken => (0.2, 0.02 * row.CampaignWeight),
        Metric.Saturated => (0.15, 0.5 * row.CampaignWeight),
        _ => (0.08, row.CampaignWeight),
    };

    private Dictionary<string, double[]> Fit(IReadOnlyList<Observation> of, Dictionary<string, double[]>? start, int steps) =>
        _waits.Solve(of, _passes.Solve(of, start, steps), steps);
}
