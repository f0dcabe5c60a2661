using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>With one model: how far each limit of a time alone must move, on one machine after the other.</summary>
internal sealed class NearestOfModel(Demand demand, NearestTimes before)
{
    private readonly ServiceRequirements _r = demand.Requirements;
    private readonly Costing _costing = new(demand.Requirements);
    private readonly BoundsOfModel _bounds = new(demand);
    private readonly Tally _tally = new();

    /// <summary>What was found on the machine that was looked at last.</summary>
    public NearestTimes Found { get; } = new();

    /// <summary>Looks at the model on a machine, against what was found before.</summary>
    public void Look(Candidates candidates, int machine, int model)
    {
        Found.Clear();
        candidates.Visit(machine, model, _tally, (_, _, floor) =>
            _r.Load.BatchRequests is null && floor > _r.Budget ? DropReason.Budget : null, Cut);
    }

    private DropReason? Cut(Candidate candidate, long number)
    {
        if (ReferenceBound.ScaleOf(candidate) is not (> 0 and var scale))
        {
            return DropReason.SpeedUnknown;
        }

        EngineOverhead beside = candidate.Overhead(demand);
        Deployment? on = null;
        foreach (DropReason limit in TrialStep.Limits)
        {
            if (demand.LimitOf(limit) is null || !MayImprove(limit, candidate, beside, default)
                || (_bounds.OfIdeal(candidate) is { } ideal && !MayImprove(limit, candidate, beside, ideal.Times(scale)))
                || _bounds.OfGpu(candidate) is not { } bound || bound.Fits == false
                || !MayImprove(limit, candidate, beside, bound.Times(1)))
            {
                continue;
            }

            try
            {
                on ??= candidate.Deployment;
                if (on.Memory(Workload.OfContext(_r.ContextTokens)).Fits == true && Seconds(candidate, on, limit) is { } seconds)
                {
                    Found.Take(limit, new(seconds, candidate, number));
                }
            }
            catch (ArgumentException)
            {
                // How fast it is, is not known.
            }
        }

        return null;
    }

    private bool MayImprove(DropReason limit, in Candidate candidate, in EngineOverhead beside, in LeastTimes least) =>
        least.Breaks(demand, candidate.There, beside, limit) is null
        && least.Of(limit, demand, candidate.There, beside) <= Math.Min(before.Of(limit).Seconds, Found.Of(limit).Seconds);

    // What the limited time is where the other limits hold and what may be spent is enough.
    private double? Seconds(in Candidate candidate, Deployment on, DropReason limit)
    {
        double most = _r.Budget is { } budget
            ? _costing.Most(candidate.Offers, candidate.Gpus, double.PositiveInfinity, budget) : double.PositiveInfinity;
        foreach (TrialStep step in new Trial(demand, on, limit).Steps)
        {
            if (double.IsPositiveInfinity(most) || demand.Occupancy.Bears(most, step.Places, step.Seconds))
            {
                return step.SecondsOf(limit);
            }
        }

        return null;
    }
}
