namespace LlmMath.Planning.Search;

/// <summary>How far one limit alone must move so that something meets the rest.</summary>
internal static class NearestSearch
{
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

        return new([.. Times(r, cancellation), .. Money(r, cancellation)], PlanMaking.Of(new(free), cheapest));
    }

    // All limits of times in one go over the candidates, the fastest first.
    private static IEnumerable<LimitMove> Times(ServiceRequirements r, CancellationToken cancellation)
    {
        var demand = new Demand(r);
        var candidates = new Candidates(demand);
        var nearest = new NearestTimes();
        NearestOfModel[] models = [.. Enumerable.Range(0, candidates.Models).Select(_ => new NearestOfModel(demand, nearest))];
        Waves.Over(candidates.FastestFirst(), models.Length, (machine, model) => models[model].Look(candidates, machine, model),
            model => nearest.Take(models[model].Found), null, cancellation);
        foreach (DropReason limit in TrialStep.Limits.ToArray())
        {
            if (demand.LimitOf(limit) is { } asked && nearest.Of(limit) is { By: { } by } found)
            {
                yield return new(limit, asked.AtMost.TotalMilliseconds, 1000 * found.Seconds, Words(by));
            }
        }
    }

    private static IEnumerable<LimitMove> Money(ServiceRequirements r, CancellationToken cancellation)
    {
        if (r.Budget is { } budget && PlanSearch.Of(r with { Budget = null, Keep = 1 }, cancellation: cancellation)
            .Standing.Kept.FirstOrDefault() is { } dearer)
        {
            yield return new(DropReason.Budget, budget, dearer.Usd, Words(dearer.Candidate));
        }
    }

    private static string Words(in Candidate candidate) =>
        $"{candidate.Choice.Model} in {candidate.Choice.Weights} by {candidate.Engine} "
            + FormattableString.Invariant($"on {candidate.Gpus} × {candidate.Offers.Gpu}");
}
