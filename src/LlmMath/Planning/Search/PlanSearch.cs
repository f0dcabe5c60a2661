namespace LlmMath.Planning.Search;

/// <summary>Looks for the cheapest plans. Cut unseen is only what is provably hopeless: weights that the GPUs do not hold, a
/// price of one replica, or of as many as the bound of the hardware needs, that is no less than what was found, limits that the
/// bound breaks. What remains is estimated.</summary>
internal sealed class PlanSearch
{
    private readonly Demand _demand;
    private readonly ServiceRequirements _r;
    private readonly Costing _costing;
    private readonly bool _cuts;
    private readonly Tally _tally = new();
    private readonly Dictionary<Parallelism, ReferenceBound?> _bounds = [];
    private (WeightChoice? Choice, GpuOffers? Offers) _boundsOf;
    private long _number;

    private PlanSearch(ServiceRequirements r, bool cuts)
    {
        (_r, _cuts, _demand, _costing) = (r, cuts, new(r), new(r));
        Standing = new(r.Keep);
    }

    /// <summary>What was found.</summary>
    public Standing Standing { get; }

    /// <summary>How many candidates there were.</summary>
    public long Candidates { get; private set; }

    /// <summary>Of how many an engine was estimated.</summary>
    public long Estimated { get; private set; }

    /// <summary>Of how many the bound of the hardware was asked: one for all engines.</summary>
    public long Bounded { get; private set; }

    /// <summary>What fell out.</summary>
    public ValueList<Drop> Drops => _tally.Drops;

    /// <summary>Searches.</summary>
    /// <param name="r">What is asked.</param>
    /// <param name="cuts">Whether the hopeless is cut unseen; the answer is the same.</param>
    /// <param name="progress">Told the share that is done; null for nobody.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static PlanSearch Of(
        ServiceRequirements r, bool cuts = true, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var search = new PlanSearch(r, cuts);
        var candidates = new Candidates(r);
        search.Candidates = candidates.Count;
        double reported = 0;
        candidates.Visit(search._tally, search.CutAll, search.Cut, done =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (done - reported >= 0.01)
            {
                progress?.Report(reported = done);
            }
        });
        progress?.Report(1);
        // Of those that were plans, all but the kept ones cost more.
        search._tally.Add(DropReason.Dearer, search.Standing.Count - search.Standing.Kept.Count());
        return search;
    }

    private DropReason? CutAll(ModelDefinition model, Gpu gpu, double floor) =>
        !_cuts || _r.Load.BatchRequests is not null ? null
        : floor > _r.Budget ? DropReason.Budget
        : floor >= Standing.Limit(model, gpu) ? DropReason.Dearer
        : null;

    private DropReason? Cut(Candidate candidate)
    {
        _number++;
        double limit = Standing.Limit(candidate.Choice.Model, candidate.Offers.Gpu);
        if (_cuts)
        {
            ReferenceBound? bound = BoundOf(candidate);
            DropReason? hopeless = bound is null ? DropReason.SpeedUnknown
                : bound.Breaks ?? (double.IsPositiveInfinity(limit) && _r.Budget is null ? null
                : bound.CanBear(_costing.Most(candidate.Offers, candidate.Gpus, Math.Min(limit, _r.Budget ?? limit))) ? null
                : _r.Budget < limit ? DropReason.Budget : DropReason.Dearer);
            if (hopeless is not null)
            {
                return hopeless;
            }
        }

        Estimated++;
        try
        {
            return Try(candidate, limit);
        }
        catch (ArgumentException)
        {
            return DropReason.SpeedUnknown;
        }
    }

    private DropReason? Try(Candidate candidate, double limit)
    {
        Deployment on = candidate.Deployment;
        if (on.Memory(Workload.OfContext(_r.ContextTokens)).Fits != true)
        {
            return DropReason.Memory;
        }

        var trial = new Trial(_demand, on);
        if (PlanFinding.Best(_demand, trial) is not var (replicas, step, perSecond))
        {
            return trial.Fails;
        }

        (Offer offer, double usd) = _costing.Cheapest(candidate.Offers, candidate.Gpus, replicas, perSecond);
        if (usd > _r.Budget)
        {
            return DropReason.Budget;
        }

        if (usd >= limit)
        {
            return DropReason.Dearer;
        }

        // Where it takes another's place, that one falls out.
        bool replaces = !double.IsPositiveInfinity(
            Standing.Own(candidate.Choice.Model, candidate.Offers.Gpu));
        Standing.Take(new(candidate, offer, replicas, step, usd, _number));
        return replaces ? DropReason.Dearer : null;
    }

    private ReferenceBound? BoundOf(in Candidate candidate)
    {
        // A bound is asked again by other engines of the same model, format and GPUs alone.
        if (!ReferenceEquals(_boundsOf.Choice, candidate.Choice) || !ReferenceEquals(_boundsOf.Offers, candidate.Offers))
        {
            _bounds.Clear();
            _boundsOf = (candidate.Choice, candidate.Offers);
        }

        if (!_bounds.TryGetValue(candidate.Placement, out ReferenceBound? bound))
        {
            Bounded++;
            try
            {
                bound = new ReferenceBound(_demand, candidate);
                _ = bound.One;
            }
            catch (ArgumentException)
            {
                bound = null;
            }

            _bounds.Add(candidate.Placement, bound);
        }

        return bound;
    }
}
