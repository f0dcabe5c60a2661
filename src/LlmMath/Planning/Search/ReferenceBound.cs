namespace LlmMath.Planning.Search;

/// <summary>What the hardware could do at best, whatever the engine: what it cannot, no engine can.</summary>
internal sealed class ReferenceBound
{
    private static readonly Engine s_bound = EngineCatalog.Find("reference");
    private readonly Demand _demand;
    private readonly Deployment _on;
    private readonly InferenceEstimate?[] _steps = new InferenceEstimate?[Ladder.Places.Length];

    public ReferenceBound(Demand demand, in Candidate candidate) =>
        (_demand, _on) = (demand, candidate.Deployment with { Engine = s_bound });

    /// <summary>The limit that cannot hold even with one request at a time; null where all might.</summary>
    public DropReason? Breaks
    {
        get
        {
            ServiceRequirements r = _demand.Requirements;
            InferenceEstimate one = At(0);
            return one.Fits == false ? DropReason.Memory
                : one.TimeToFirstToken.Expected > r.TimeToFirstToken?.AtMost ? DropReason.TimeToFirstToken
                : one.InterTokenLatency.Expected > r.InterTokenLatency?.AtMost ? DropReason.InterTokenLatency
                : one.TotalTime.Expected > r.EndToEnd?.AtMost ? DropReason.EndToEnd
                : null;
        }
    }

    /// <summary>The estimate with one request at a time.</summary>
    public InferenceEstimate One => At(0);

    /// <summary>Whether so many replicas could bear the load, with as many requests at once as is best for that.</summary>
    public bool CanBear(double replicas) => replicas > 0 && CanBear(replicas, 0, Ladder.Places.Length - 1);

    // An answer never takes less time where more are under way: between two steps, no time is shorter than the first's, and no
    // places are more than the last's.
    private bool CanBear(double replicas, int first, int last) =>
        _demand.Occupancy.Bears(replicas, Ladder.Places[last], Seconds(first))
        && (_demand.Occupancy.Bears(replicas, Ladder.Places[last], Seconds(last))
            || (first < last && (CanBear(replicas, first, (first + last) / 2)
                || CanBear(replicas, ((first + last) / 2) + 1, last))));

    private double Seconds(int step) => At(step).TotalTime.Expected.TotalSeconds;

    private InferenceEstimate At(int step) =>
        _steps[step] ??= _on.Speed(_demand.Workload with { Requests = Ladder.Places[step] });
}
