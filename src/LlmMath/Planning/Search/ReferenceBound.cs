using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>What the hardware could do at best, whatever the engine: what it cannot, no engine can.</summary>
internal sealed class ReferenceBound
{
    // Durations are whole ticks.
    private const double Tick = 1e-7, Rounding = 1 - 1e-9;

    private readonly Demand _demand;
    private readonly Deployment _on;
    private readonly InferenceEstimate?[] _steps = new InferenceEstimate?[Ladder.Places.Length];
    private InferenceEstimate? _longest;

    private ReferenceBound(Demand demand, Deployment on) => (_demand, _on) = (demand, on);

    /// <summary>A GPU that has of every figure the best of all, and room for everything.</summary>
    public static Gpu Ideal { get; } = IdealGpu.Of(GpuCatalog.All);

    /// <summary>Of a candidate on a kind of GPU; null where what the hardware can do is not known.</summary>
    public static ReferenceBound? Of(Demand demand, in Candidate candidate, Gpu gpu)
    {
        var bound = new ReferenceBound(demand, candidate.Deployment with { Engine = EngineCatalog.Bound, Gpu = gpu });
        try
        {
            _ = bound.Longest;
            bound.At(0);
            return bound;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>How much longer a candidate takes than on the ideal GPU, at least; 0 where that is not known.</summary>
    public static double ScaleOf(in Candidate candidate) =>
        PeakRatio.Of(candidate.Offers.Gpu, Ideal, candidate.Choice.Weights, candidate.Gpus);

    /// <summary>The limit that cannot hold even with one request at a time; null where all might.</summary>
    /// <param name="there">The engine on the GPU.</param>
    /// <param name="scale">So much longer everything takes.</param>
    /// <param name="except">One that need not hold; null for none.</param>
    public DropReason? Breaks(in EngineThere there, double scale, DropReason? except = null)
    {
        if (At(0).Fits == false)
        {
            return DropReason.Memory;
        }

        foreach (DropReason limit in TrialStep.Limits)
        {
            if (limit != except && Least(limit, there, scale) > _demand.LimitOf(limit)?.AtMost.TotalSeconds)
            {
                return limit;
            }
        }

        return null;
    }

    /// <summary>
    /// Seconds that a limited time is at its percentile, at least, with one request at a time. With T the bound's time and f how
    /// many times the expected time the percentile is: T(longest prompt) + (f − 1) · T(mean prompt), since an engine's
    /// percentile is E(longest) − E(mean) + f · E(mean) and E ≥ T; f · T between tokens; and of the whole answer
    /// T(longest prompt) and all tokens after the first, those more than the mean too.
    /// </summary>
    /// <param name="limit">Which.</param>
    /// <param name="there">The engine on the GPU.</param>
    /// <param name="scale">So much longer everything takes.</param>
    public double Least(DropReason limit, in EngineThere there, double scale)
    {
        InferenceEstimate one = At(0);
        return limit switch
        {
            DropReason.InterTokenLatency => there.Inter * Scaled(one.InterTokenLatency, scale),
            DropReason.TimeToFirstToken => Scaled(Longest.TimeToFirstToken, scale)
                + ((there.First - 1) * Scaled(one.TimeToFirstToken, scale)),
            _ => Scaled(Longest.TimeToFirstToken, scale)
                + ((one.Workload.OutputTokens - 1 + _demand.MoreOutput) * Scaled(one.InterTokenLatency, scale)),
        };
    }

    /// <summary>Whether so many replicas could bear the load, with as many requests at once as is best for that.</summary>
    /// <param name="replicas">Replicas.</param>
    /// <param name="scale">So much longer everything takes.</param>
    public bool CanBear(double replicas, double scale) =>
        replicas > 0 && CanBear(replicas, scale, 0, Ladder.Places.Length - 1);

    // An answer never takes less time where more are under way: between two steps, no time is shorter than the first's, and no
    // places are more than the last's.
    private bool CanBear(double replicas, double scale, int first, int last) =>
        _demand.Occupancy.Bears(replicas, Ladder.Places[last], Seconds(first, scale))
        && (_demand.Occupancy.Bears(replicas, Ladder.Places[last], Seconds(last, scale))
            || (first < last && (CanBear(replicas, scale, first, (first + last) / 2)
                || CanBear(replicas, scale, ((first + last) / 2) + 1, last))));

    private double Seconds(int step, double scale) => Scaled(At(step).TotalTime, scale);

    private static double Scaled(in TimeRange time, double scale) => scale == 1 ? time.Expected.TotalSeconds
        : Math.Max(0, time.Expected.TotalSeconds - Tick) * scale * Rounding;

    private InferenceEstimate Longest =>
        _longest ??= _demand.VariesInLength ? _on.Speed(_demand.LongestOf(_on.Model)) : At(0);

    private InferenceEstimate At(int step) =>
        _steps[step] ??= _on.Speed(_demand.Workload with { Requests = Ladder.Places[step] });
}
