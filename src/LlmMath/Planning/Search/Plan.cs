using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>A way to serve that meets the requirements: what runs, on which machines, how fast, for how much.</summary>
public sealed record Plan
{
    internal Plan()
    {
    }

    /// <summary>One replica: model, format, GPU, engine, and how it is laid over its GPUs.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>Replicas, among which requests are shared out evenly.</summary>
    public required long Replicas { get; init; }

    /// <summary>Machines, paid whole.</summary>
    public required long Machines { get; init; }

    /// <summary>The machine, and its price.</summary>
    public required Offer Offer { get; init; }

    /// <summary>The longest sequence that was asked for, in tokens: prompt and answer.</summary>
    public required long ContextTokens { get; init; }

    /// <summary>US dollars for each hour that is paid, of all machines.</summary>
    public double UsdPerHour => Machines * Offer.UsdPerHour;

    /// <summary>US dollars a month; of a batch, in all. What plans are ranked by.</summary>
    public required double Usd { get; init; }

    /// <summary>What requests, tokens and users cost at the load that was asked.</summary>
    public required ServiceCost Cost { get; init; }

    /// <summary>Hours that a batch takes; null where requests go on coming.</summary>
    public double? BatchHours { get; init; }

    /// <summary>Requests that each replica answers at once in the busiest minute, with room for those that happen to come
    /// together.</summary>
    public int RequestsAtOnce => Estimate.Workload.Requests;

    /// <summary>The most requests at once with which the limits hold, of those that were tried: what an engine is told, so that
    /// who comes beyond the busiest minute's usual is let in too.</summary>
    public required int MostAtOnce { get; init; }

    /// <summary>The estimate of one replica then, with its ranges.</summary>
    public required InferenceEstimate Estimate { get; init; }

    /// <summary>What one replica holds then.</summary>
    public required MemoryEstimate Memory { get; init; }

    /// <summary>The time to the first token at the percentile of its limit, in the busiest minute.</summary>
    public required TimeSpan TimeToFirstToken { get; init; }

    /// <summary>The time between tokens at the percentile of its limit.</summary>
    public required TimeSpan InterTokenLatency { get; init; }

    /// <summary>The time to the last token at the percentile of its limit.</summary>
    public required TimeSpan EndToEnd { get; init; }

    /// <summary>Requests a second that all replicas bear within the limits.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Users that all replicas bear within the limits, each as busy as was said; null where the load was said
    /// otherwise.</summary>
    public double? UsersServed { get; init; }

    /// <summary>The share of the paid time that the replicas work, if they bore as much as they can then: 0 to 1.</summary>
    public double BusyShare => Cost.BusyShare;

    /// <summary>The chance that the limits hold for their percentiles, by the estimate's range; null where there are no
    /// limits.</summary>
    public double? Chance { get; init; }

    /// <summary>What the times rest on.</summary>
    public Basis Basis => Estimate.Basis;

    /// <summary>The longest sequence that fits with one request; null where none does.</summary>
    public long? LargestContext => Deployment.LargestContext(Workload.OfContext(1));

    /// <summary>What a reader should know about the figures.</summary>
    /// <param name="today">The day that it is asked on.</param>
    public ValueList<string> Warnings(DateOnly today)
    {
        IEnumerable<string?> all = [.. Memory.Warnings().Concat(Estimate.Warnings()).Distinct(), Offer.Caution(today),
            Offer.Rented?.Note ?? Offer.Bought?.Note];
        return [.. all.OfType<string>()];
    }

    /// <summary>The plan in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Replicas:#,0} × {Deployment.Model} in {Deployment.Weights} by {Deployment.Engine}, ")
        + FormattableString.Invariant(
            $"each on {Deployment.Placement.Gpus} × {Deployment.Gpu}: {Machines:#,0} of {Offer.Machine}, {Usd:#,0} USD");
}
