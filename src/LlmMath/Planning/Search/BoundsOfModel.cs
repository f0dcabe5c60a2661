namespace LlmMath.Planning.Search;

/// <summary>The bounds of the hardware for one model, each found once: on the ideal GPU for all machines, on a machine's own for
/// all engines.</summary>
internal sealed class BoundsOfModel(Demand demand)
{
    private readonly Dictionary<(WeightChoice, Parallelism), ReferenceBound?> _ideal = [];
    private readonly Dictionary<Parallelism, ReferenceBound?> _own = [];
    private (WeightChoice? Choice, GpuOffers? Offers) _ownOf;

    /// <summary>How many were asked.</summary>
    public long Asked { get; private set; }

    /// <summary>On the ideal GPU; null where it is not known.</summary>
    public ReferenceBound? OfIdeal(in Candidate candidate)
    {
        (WeightChoice, Parallelism) key = (candidate.Choice, candidate.Placement);
        return _ideal.TryGetValue(key, out ReferenceBound? bound) ? bound : _ideal[key] = Ask(candidate, ReferenceBound.Ideal);
    }

    /// <summary>On the candidate's own GPU; null where it is not known.</summary>
    public ReferenceBound? OfGpu(in Candidate candidate)
    {
        // A bound is asked again by other engines of the same format and GPUs alone.
        if (!ReferenceEquals(_ownOf.Choice, candidate.Choice) || !ReferenceEquals(_ownOf.Offers, candidate.Offers))
        {
            _own.Clear();
            _ownOf = (candidate.Choice, candidate.Offers);
        }

        return _own.TryGetValue(candidate.Placement, out ReferenceBound? bound) ? bound
            : _own[candidate.Placement] = Ask(candidate, candidate.Offers.Gpu);
    }

    private ReferenceBound? Ask(in Candidate candidate, Gpu gpu)
    {
        Asked++;
        return ReferenceBound.Of(demand, candidate, gpu);
    }
}
