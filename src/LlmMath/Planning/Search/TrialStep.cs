namespace LlmMath.Planning.Search;

/// <summary>What so many requests at once get.</summary>
internal readonly record struct TrialStep
{
    private readonly double _moreToFirst, _moreToEnd;

    public TrialStep(Demand demand, in InferenceEstimate e, double moreToFirst, double moreToEnd)
    {
        ServiceRequirements r = demand.Requirements;
        (Estimate, _moreToFirst, _moreToEnd) = (e, moreToFirst, moreToEnd);
        Seconds = e.TotalTime.Expected.TotalSeconds;
        FirstToken = FirstTokenAt(demand.PercentileOf(r.TimeToFirstToken));
        InterToken = InterTokenAt(demand.PercentileOf(r.InterTokenLatency));
        EndToEnd = EndToEndAt(demand.PercentileOf(r.EndToEnd));
    }

    /// <summary>The times that may be limited, in the order in which they are looked at.</summary>
    public static ReadOnlySpan<DropReason> Limits =>
        [DropReason.TimeToFirstToken, DropReason.InterTokenLatency, DropReason.EndToEnd];

    /// <summary>The estimate.</summary>
    public InferenceEstimate Estimate { get; }

    /// <summary>Requests at once.</summary>
    public int Places => Estimate.Workload.Requests;

    /// <summary>Seconds of a whole answer as expected, never fewer than with fewer at once.</summary>
    public double Seconds { get; private init; }

    /// <summary>Seconds to the first token at the limit's percentile.</summary>
    public double FirstToken { get; private init; }

    /// <summary>Seconds between tokens at the limit's percentile.</summary>
    public double InterToken { get; private init; }

    /// <summary>Seconds to the last token at the limit's percentile.</summary>
    public double EndToEnd { get; private init; }

    /// <summary>The step after another, with fewer requests: in nothing better.</summary>
    public TrialStep After(in TrialStep fewer) => this with
    {
        Seconds = Math.Max(Seconds, fewer.Seconds),
        FirstToken = Math.Max(FirstToken, fewer.FirstToken),
        InterToken = Math.Max(InterToken, fewer.InterToken),
        EndToEnd = Math.Max(EndToEnd, fewer.EndToEnd),
    };

    /// <summary>Seconds to the first token at another percentile than the limit's.</summary>
    public double FirstTokenAt(double percentile) => Latencies.At(Estimate.TimeToFirstToken, _moreToFirst, percentile);

    /// <summary>Seconds between tokens at another percentile.</summary>
    public double InterTokenAt(double percentile) => Latencies.At(Estimate.InterTokenLatency, 0, percentile);

    /// <summary>Seconds to the last token at another percentile.</summary>
    public double EndToEndAt(double percentile) => Latencies.At(Estimate.TotalTime, _moreToEnd, percentile);

    /// <summary>The first limit that does not hold; null where all do.</summary>
    /// <param name="demand">The limits.</param>
    /// <param name="except">One that need not hold; null for none.</param>
    public DropReason? Broken(Demand demand, DropReason? except = null)
    {
        foreach (DropReason limit in Limits)
        {
            if (limit != except && SecondsOf(limit) > demand.LimitOf(limit)?.AtMost.TotalSeconds)
            {
                return limit;
            }
        }

        return null;
    }

    /// <summary>Seconds of a limited time, at the limit's percentile.</summary>
    public double SecondsOf(DropReason limit) => limit switch
    {
        DropReason.TimeToFirstToken => FirstToken,
        DropReason.InterTokenLatency => InterToken,
        _ => EndToEnd,
    };

    /// <summary>The chance that all limits hold: of limits that one cause breaks together, the least of their chances. Null where
    /// there are none.</summary>
    public double? Chance(ServiceRequirements r)
    {
        double?[] chances =
        [
            r.TimeToFirstToken is { } first ? Latencies.Chance(Estimate.TimeToFirstToken, _moreToFirst, first.AtMost) : null,
            r.InterTokenLatency is { } inter ? Latencies.Chance(Estimate.InterTokenLatency, 0, inter.AtMost) : null,
            r.EndToEnd is { } whole ? Latencies.Chance(Estimate.TotalTime, _moreToEnd, whole.AtMost) : null,
        ];
        return chances.Min();
    }
}
