using LlmMath.Planning.Search;

namespace LlmMath.Planning;

/// <summary>Finds what meets requirements for least.</summary>
public static class Planner
{
    /// <summary>Looks at every model × format × GPU × GPUs of a replica × engine that has a price, and ranks by cost what meets
    /// the requirements. Memory and times are those of <c>deployment.Memory</c> and <c>deployment.Speed</c>.</summary>
    /// <param name="requirements">What the service must do.</param>
    /// <param name="progress">Told the share that is done, 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="EstimateException">A requirement is out of range, or two contradict each other; the error names
    /// them.</exception>
    /// <exception cref="DefinitionException">A model's config cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PlanResult Plan(
        ServiceRequirements requirements, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(requirements);
        requirements.Check();
        var search = PlanSearch.Of(requirements, progress: progress, cancellation: cancellation);
        return Result(requirements, search, cancellation);
    }

    /// <summary>The same without cutting anything unseen: what the search must find.</summary>
    internal static PlanResult PlanExhaustively(ServiceRequirements requirements)
    {
        requirements.Check();
        return Result(requirements, PlanSearch.Of(requirements, cuts: false), default);
    }

    private static PlanResult Result(ServiceRequirements requirements, PlanSearch search, CancellationToken cancellation)
    {
        var demand = new Demand(requirements);
        return new()
        {
            Requirements = requirements,
            Plans = [.. search.Standing.Kept.Select(draft => PlanMaking.Of(demand, draft))],
            Dropped = search.Drops,
            Nearest = search.Standing.Count > 0 ? null : NearestSearch.Of(requirements, cancellation),
            Candidates = search.Candidates,
            Estimated = search.Estimated,
            Bounded = search.Bounded,
        };
    }
}
