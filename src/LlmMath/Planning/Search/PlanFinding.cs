namespace LlmMath.Planning.Search;

/// <summary>How many replicas a load needs, and with how many requests at once each works then.</summary>
internal static class PlanFinding
{
    /// <summary>The fewest replicas of any number of requests at once for which the limits hold; with them, as few at once as
    /// bear the load. Of a batch, the number at once with which most is answered. Null where no limit holds.</summary>
    public static (double Replicas, TrialStep Step, double PerSecond)? Best(Demand demand, Trial trial)
    {
        if (demand.Requirements.Load.BatchRequests is not null)
        {
            return trial.Steps.Any() ? Fastest(demand, trial.Steps.MaxBy(PerSecond)) : null;
        }

        double fewest = double.PositiveInfinity;
        foreach (TrialStep step in trial.Steps)
        {
            fewest = Math.Min(fewest, demand.Occupancy.Replicas(step.Places, step.Seconds));
            if (fewest <= 1)
            {
                break;
            }
        }

        return double.IsPositiveInfinity(fewest) ? null
            : (fewest, At(demand, trial, fewest), 0);
    }

    /// <summary>With so many replicas, the step at which they bear the load with the fewest requests at once.</summary>
    public static TrialStep At(Demand demand, Trial trial, double replicas) =>
        trial.Steps.First(step => demand.Occupancy.Bears(replicas, step.Places, step.Seconds));

    private static (double Replicas, TrialStep Step, double PerSecond) Fastest(Demand demand, TrialStep step) =>
        (Math.Max(1, Math.Ceiling((demand.Requirements.PeakRate / PerSecond(step)) - 1e-9)), step, PerSecond(step));

    private static double PerSecond(TrialStep step) => step.Places / step.Seconds;
}
