using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>Looks for the cheapest plan of one model on one machine after the other.</summary>
internal sealed class ModelSearch(Demand demand, Standing standing, bool cuts)
{
    private readonly ServiceRequirements _r = demand.Requirements;
    private readonly Costing _costing = new(demand.Requirements);
    private readonly BoundsOfModel _bounds = new(demand);
    private double _limit;

    /// <summary>What fell out.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Of how many candidates an engine was estimated.</summary>
    public long Estimated { get; private set; }

    /// <summary>Of how many the bound of the hardware was asked: one for all engines.</summary>
    public long Bounded => _bounds.Asked;

    /// <summary>The cheapest plan of the machine that was looked at last, where it takes the place of a dearer one or of none;
    /// null where there is none.</summary>
    public PlanDraft? Found { get; private set; }

    /// <summary>Looks at the model on a machine, against what stood before.</summary>
    public void Look(Candidates candidates, int machine, int model)
    {
        Found = null;
        candidates.Visit(machine, model, Tally, CutAll, Cut);
    }

    private DropReason? CutAll(ModelDefinition model, Gpu gpu, double floor)
    {
        _limit = standing.Limit(model, gpu);
        return !cuts || _r.Load.BatchRequests is not null ? null
            : floor > _r.Budget ? DropReason.Budget
            : floor >= _limit ? DropReason.Dearer
            : null;
    }

    private DropReason? Cut(Candidate candidate, long number)
    {
        if (cuts && Hopeless(candidate) is { } reason)
        {
            return reason;
        }

        Estimated++;
        try
        {
            return Try(candidate, number);
        }
        catch (ArgumentException)
        {
            return DropReason.SpeedUnknown;
        }
    }

    // By money where not even one replica may be had for less, by what the engine takes whatever the model's size, then by the
    // ideal GPU: that is asked once for all machines.
    private DropReason? Hopeless(in Candidate candidate)
    {
        double most = double.IsPositiveInfinity(_limit) && _r.Budget is null ? double.PositiveInfinity
            : _costing.Most(candidate.Offers, candidate.Gpus, _limit, _r.Budget);
        if (most <= 0)
        {
            return TooDear;
        }

        if (ReferenceBound.ScaleOf(candidate) is not (> 0 and var scale))
        {
            return DropReason.SpeedUnknown;
        }

        EngineOverhead beside = candidate.Overhead(demand);
        return default(LeastTimes).Breaks(demand, candidate.There, beside)
            ?? Hopeless(candidate, beside, _bounds.OfIdeal(candidate), scale, most)
            ?? (_bounds.OfGpu(candidate) is { } bound ? Hopeless(candidate, beside, bound, 1, most) : DropReason.SpeedUnknown);
    }

    private DropReason? Hopeless(
        in Candidate candidate, in EngineOverhead beside, ReferenceBound? bound, double scale, double most) =>
        bound is null ? null
        : bound.Fits == false ? DropReason.Memory
        : bound.Times(scale).Breaks(demand, candidate.There, beside)
            ?? (double.IsPositiveInfinity(most) || bound.CanBear(most, beside, scale) ? null : TooDear);

    private DropReason TooDear => _r.Budget < _limit ? DropReason.Budget : DropReason.Dearer;

    private DropReason? Try(in Candidate candidate, long number)
    {
        Deployment on = candidate.Deployment;
        if (on.Memory(Workload.OfContext(_r.ContextTokens)).Fits != true)
        {
            return DropReason.Memory;
        }

        var trial = new Trial(demand, on);
        if (PlanFinding.Best(demand, trial) is not var (replicas, step, perSecond))
        {
            return trial.Fails;
        }

        (Offer offer, double usd) = _costing.Cheapest(candidate.Offers, candidate.Gpus, replicas, perSecond);
        if (usd > _r.Budget)
        {
            return DropReason.Budget;
        }

        if (usd >= _limit)
        {
            return DropReason.Dearer;
        }

        // Where it takes another's place, that one falls out.
        bool replaces = Found is not null;
        Found = new(candidate, offer, replicas, step, usd, number);
        _limit = usd;
        return replaces ? DropReason.Dearer : null;
    }
}
