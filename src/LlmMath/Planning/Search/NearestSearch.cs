namespace LlmMath.Planning.Search;

/// <summary>How far one limit alone must move so that something meets the rest.</summary>
internal sealed class NearestSearch
{
    private readonly DropReason _limit;
    private readonly Demand _demand;
    private readonly Costing _costing;
    private double _least = double.PositiveInfinity;
    private Candidate _best;

    private NearestSearch(ServiceRequirements without, DropReason limit) =>
        (_limit, _demand, _costing) = (limit, new(without), new(without));

    /// <summary>What is nearest; null where something else than limits is the reason.</summary>
    public static NearestMiss? Of(ServiceRequirements r, CancellationToken cancellation)
    {
        ServiceRequirements free = r with
        {
            TimeToFirstToken = null, InterTokenLatency = null, EndToEnd = null, Budget = null, Keep = 1,
        };
        var unlimited = PlanSearch.Of(free, cancellation: cancellation);
        if (unlimited.Standing.Kept.FirstOrDefault() is not { } cheapest)
        {
            return new([], null);
        }

        return new([.. Moves(r, cancellation)], PlanMaking.Of(new(free), cheapest));
    }

    private static IEnumerable<LimitMove> Moves(ServiceRequirements r, CancellationToken cancellation)
    {
        if (r.TimeToFirstToken is { } first
            && Least(r with { TimeToFirstToken = null }, first, DropReason.TimeToFirstToken, cancellation) is { } later)
        {
            yield return later;
        }

        if (r.InterTokenLatency is { } inter
            && Least(r with { InterTokenLatency = null }, inter, DropReason.InterTokenLatency, cancellation) is { } slower)
        {
            yield return slower;
        }

        if (r.EndToEnd is { } whole
            && Least(r with { EndToEnd = null }, whole, DropReason.EndToEnd, cancellation) is { } longer)
        {
            yield return longer;
        }

        if (r.Budget is { } budget && PlanSearch.Of(r with { Budget = null, Keep = 1 }, cancellation: cancellation)
            .Standing.Kept.FirstOrDefault() is { } dearer)
        {
            yield return new(DropReason.Budget, budget, dearer.Usd, Words(dearer.Candidate));
        }
    }

    private static LimitMove? Least(
        ServiceRequirements without, LatencyLimit limit, DropReason reason, CancellationToken cancellation)
    {
        var search = new NearestSearch(without, reason) { Percentile = limit.Percentile };
        new Candidates(without).Visit(new(), (_, _, _) => null, search.Look, _ => cancellation.ThrowIfCancellationRequested());
        return double.IsPositiveInfinity(search._least) ? null
            : new(reason, limit.AtMost.TotalMilliseconds, 1000 * search._least, Words(search._best));
    }

    private double Percentile { get; init; }

    // Whether a candidate meets the rest with less of the limit than those before.
    private DropReason? Look(Candidate candidate)
    {
        try
        {
            var bound = new ReferenceBound(_demand, candidate);
            if (bound.Breaks is not null || Of(bound.One).Expected.TotalSeconds >= _least)
            {
                return null;
            }

            Deployment on = candidate.Deployment;
            if (on.Memory(Workload.OfContext(_demand.Requirements.ContextTokens)).Fits != true)
            {
                return null;
            }

            var trial = new Trial(_demand, on);
            double most = _demand.Requirements.Budget is { } budget
                ? _costing.Most(candidate.Offers, candidate.Gpus, budget) : double.PositiveInfinity;
            foreach (TrialStep step in trial.Steps)
            {
                if (double.IsPositiveInfinity(most) || _demand.Occupancy.Bears(most, step.Places, step.Seconds))
                {
                    double seconds = _limit switch
                    {
                        DropReason.TimeToFirstToken => step.FirstTokenAt(Percentile),
                        DropReason.InterTokenLatency => step.InterTokenAt(Percentile),
                        _ => step.EndToEndAt(Percentile),
                    };
                    (_best, _least) = seconds < _least ? (candidate, seconds) : (_best, _least);
                    break;
                }
            }
        }
        catch (ArgumentException)
        {
            // How fast it is, is not known.
        }

        return null;
    }

    private TimeRange Of(in InferenceEstimate e) => _limit switch
    {
        DropReason.TimeToFirstToken => e.TimeToFirstToken,
        DropReason.InterTokenLatency => e.InterTokenLatency,
        _ => e.TotalTime,
    };

    private static string Words(in Candidate candidate) =>
        $"{candidate.Choice.Model} in {candidate.Choice.Weights} by {candidate.Engine} "
            + FormattableString.Invariant($"on {candidate.Gpus} × {candidate.Offers.Gpu}");
}
