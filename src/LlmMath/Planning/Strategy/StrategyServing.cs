using LlmMath.Planning.Search;

namespace LlmMath.Planning;

/// <summary>What a plan's deployment costs a month at any number of requests: machines are paid whole, so that it rises in
/// steps. One replica bears c = max over the requests at once of L ÷ T, L those that are under way in the mean and T what an
/// answer takes; r requests a second in the busiest minute need r ÷ c replicas, rounded up.</summary>
internal sealed class StrategyServing
{
    private readonly Costing _costing;
    private readonly GpuOffers _offers;
    private readonly int _gpus;
    private readonly double _perSecond, _perSecondFast, _perSecondSlow;

    /// <summary>Finds what one replica bears.</summary>
    /// <param name="r">What was asked of the plan.</param>
    /// <param name="plan">The plan.</param>
    public StrategyServing(ServiceRequirements r, Plan plan)
    {
        var demand = new Demand(r);
        (_costing, _offers, _gpus) = (new(r), GpuOffers.Of(r)[0], plan.Deployment.Placement.Gpus);
        foreach (TrialStep step in new Trial(demand, plan.Deployment).Steps)
        {
            double mean = demand.Occupancy.Mean(step.Places);
            TimeRange whole = step.Estimate.TotalTime;
            _perSecond = Math.Max(_perSecond, mean / step.Seconds);
            _perSecondFast = Math.Max(_perSecondFast, mean / Math.Min(step.Seconds, whole.Low.TotalSeconds));
            _perSecondSlow = Math.Max(_perSecondSlow, mean / Math.Max(step.Seconds, whole.High.TotalSeconds));
        }

        PerMonth = _perSecond / r.Load.PeakFactor * TokenCost.HoursPerMonth * 3600;
    }

    /// <summary>Requests a month that one replica bears.</summary>
    public double PerMonth { get; }

    /// <summary>US dollars a request if a replica works all of the time.</summary>
    public double UsdPerRequest => Usd(1) / PerMonth;

    /// <summary>US dollars a month of so many replicas.</summary>
    public double Usd(double replicas) => _costing.Cheapest(_offers, _gpus, replicas, 1).Usd;

    /// <summary>US dollars a month at a number of requests.</summary>
    public double At(double requests) => Usd(Replicas(requests / PerMonth));

    /// <summary>The same as low and as high as answers are fast and slow.</summary>
    public MoneyRange Range(double requests) => new(Usd(Replicas(requests / PerMonth * _perSecond / _perSecondFast)),
        At(requests), Usd(Replicas(requests / PerMonth * _perSecond / _perSecondSlow)));

    // What division loses to rounding is no replica.
    private static double Replicas(double share) => Math.Max(1, Math.Ceiling(share / (1 + 1e-9)));
}
