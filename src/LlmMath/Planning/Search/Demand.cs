namespace LlmMath.Planning.Search;

/// <summary>Requirements in the numbers that a search needs, found once.</summary>
internal sealed class Demand
{
    public Demand(ServiceRequirements r)
    {
        Requirements = r;
        long prompt = Whole(r.Prompt.Mean), output = Whole(r.Output.Mean);
        Workload = new(prompt, output)
        {
            CachedPromptTokens = Math.Min(prompt - 1, (long)r.CachedTokens), Arrival = Arrival.Continuous,
        };
        Occupancy = new(r.PeakRate, r.MostAtOnce, r.Percentile);
        LongestPrompt = Math.Max(prompt, Whole(r.Prompt.At(PercentileOf(r.TimeToFirstToken))));
        LongestOutput = Math.Max(output, Whole(r.Output.At(PercentileOf(r.EndToEnd))));
    }

    /// <summary>The requirements.</summary>
    public ServiceRequirements Requirements { get; }

    /// <summary>One request of mean length.</summary>
    public Workload Workload { get; }

    /// <summary>What all replicas together are asked.</summary>
    public Occupancy Occupancy { get; }

    /// <summary>Tokens that an answer at the percentile of the whole answer's limit has more than the mean.</summary>
    public long MoreOutput => LongestOutput - Workload.OutputTokens;

    /// <summary>Tokens of a prompt of mean length that are to be read.</summary>
    public long PromptRead => Workload.PromptTokens - Workload.CachedPromptTokens;

    /// <summary>Whether some requests are longer than the mean, and a limit asks for them.</summary>
    public bool VariesInLength => LongestPrompt > Workload.PromptTokens || LongestOutput > Workload.OutputTokens;

    private long LongestPrompt { get; }

    private long LongestOutput { get; }

    /// <summary>The percentile at which a latency is reckoned: the limit's, or that of most limits.</summary>
    public double PercentileOf(LatencyLimit? limit) => limit?.Percentile ?? Requirements.Percentile;

    /// <summary>The limit of a time; null for none.</summary>
    public LatencyLimit? LimitOf(DropReason time) => time switch
    {
        DropReason.TimeToFirstToken => Requirements.TimeToFirstToken,
        DropReason.InterTokenLatency => Requirements.InterTokenLatency,
        DropReason.EndToEnd => Requirements.EndToEnd,
        _ => null,
    };

    /// <summary>Seconds more to the first and to the last token that a request of the percentile's length takes, alone, than one
    /// of mean length.</summary>
    public (double ToFirst, double ToEnd) More(Deployment on)
    {
        InferenceEstimate mean = on.Speed(Workload);
        double toFirst = on.Speed(LongestOf(on.Model)).TimeToFirstToken.Expected.TotalSeconds
            - mean.TimeToFirstToken.Expected.TotalSeconds;
        double each = mean.InterTokenLatency.Expected.TotalSeconds;
        return (Math.Max(0, toFirst), Math.Max(0, toFirst + (MoreOutput * each)));
    }

    /// <summary>One request with the longest prompt that a limit asks for. What the model was not made for, it is not
    /// asked.</summary>
    public Workload LongestOf(ModelDefinition model)
    {
        long most = model.Architecture.ContextLength ?? long.MaxValue;
        return Workload with
        {
            PromptTokens = Math.Max(Workload.PromptTokens, Math.Min(LongestPrompt, most - Workload.OutputTokens)),
        };
    }

    private static long Whole(double tokens) => Math.Max(1, (long)Math.Ceiling(tokens - 1e-9));
}
