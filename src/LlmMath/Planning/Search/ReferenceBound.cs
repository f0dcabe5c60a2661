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

    /// <summary>Whether so many of the GPU might hold what is asked; null where nobody sourced its memory.</summary>
    public bool? Fits => At(0).Fits;

    /// <summary>What one request at a time takes at least.</summary>
    /// <param name="scale">So much longer everything takes.</param>
    public LeastTimes Times(double scale) => new(Scaled(Longest.TimeToFirstToken, scale),
        Scaled(At(0).TimeToFirstToken, scale), Scaled(At(0).InterTokenLatency, scale));

    /// <summary>Whether so many replicas could bear the load, with as many requests at once as is best for that.</summary>
    /// <param name="replicas">Replicas.</param>
    /// <param name="beside">What the engine takes beside.</param>
    /// <param name="scale">So much longer everything takes.</param>
    public bool CanBear(double replicas, in EngineOverhead beside, double scale) => replicas > 0
        && CanBear(replicas, (_demand.Workload.OutputTokens - 1) * beside.Inter, scale, 0, Ladder.Places.Length - 1);

    // An answer never takes less time where more are under way: between two steps, no time is shorter than the first's, and no
    // places are more than the last's.
    private bool CanBear(double replicas, double more, double scale, int first, int last) =>
        _demand.Occupancy.Bears(replicas, Ladder.Places[last], more + Seconds(first, scale))
        && (_demand.Occupancy.Bears(replicas, Ladder.Places[last], more + Seconds(last, scale))
            || (first < last && (CanBear(replicas, more, scale, first, (first + last) / 2)
                || CanBear(replicas, more, scale, ((first + last) / 2) + 1, last))));

    private double Seconds(int step, double scale) => Scaled(At(step).TotalTime, scale);

    private static double Scaled(in TimeRange time, double scale) => scale == 1 ? time.Expected.TotalSeconds
        : Math.Max(0, time.Expected.TotalSeconds - Tick) * scale * Rounding;

    private InferenceEstimate Longest =>
        _longest ??= _demand.VariesInLength ? _on.Speed(_demand.LongestOf(_on.Model)) : At(0);

    private InferenceEstimate At(int step) =>
        _steps[step] ??= _on.Speed(_demand.Workload with { Requests = Ladder.Places[step] });
}
