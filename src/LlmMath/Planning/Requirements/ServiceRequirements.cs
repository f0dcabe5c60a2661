using LlmMath.Basics;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath.Planning;

/// <summary>What a service must do, said by those who pay for it. What a limit means: <see cref="TimeToFirstToken"/> is from a
/// request's arrival to its first token, <see cref="InterTokenLatency"/> the mean time between the tokens of one answer,
/// <see cref="EndToEnd"/> from arrival to the last token; each holds for as many of a hundred requests as its percentile says, in
/// the busiest minute.</summary>
public sealed record ServiceRequirements
{
    /// <summary>The models that would do, 1 or more.</summary>
    public required ValueList<ModelDefinition> Models { get; init; }

    /// <summary>How much is asked.</summary>
    public required ServiceLoad Load { get; init; }

    /// <summary>Tokens of prompts.</summary>
    public required TokenLengths Prompt { get; init; }

    /// <summary>Tokens of answers.</summary>
    public required TokenLengths Output { get; init; }

    /// <summary>Tokens at a prompt's start that all requests share, and that are cached; 0 or more, fewer than a prompt
    /// has.</summary>
    public double SharedPrefixTokens { get; init; }

    /// <summary>Requests of a conversation, 1 or more: each begins with those before it and their answers, which are cached. That
    /// the cache keeps them until the next comes is taken for granted.</summary>
    public double Turns { get; init; } = 1;

    /// <summary>The longest sequence that must be possible, prompt and answer together; null for that of the 95th
    /// percentiles.</summary>
    public double? LongestContext { get; init; }

    /// <summary>The limit of the time to the first token; null for none.</summary>
    public LatencyLimit? TimeToFirstToken { get; init; }

    /// <summary>The limit of the time between tokens; null for none.</summary>
    public LatencyLimit? InterTokenLatency { get; init; }

    /// <summary>The limit of the whole answer; null for none.</summary>
    public LatencyLimit? EndToEnd { get; init; }

    /// <summary>Scores that a model must reach; empty for none.</summary>
    public ValueList<QualityFloor> Quality { get; init; } = [];

    /// <summary>The most that a format may cost in quality against the unquantized model, at worst of what was measured: a share
    /// of perplexity and of accuracy, 0 or more. Null for no limit.</summary>
    public double? MostLoss { get; init; }

    /// <summary>Whether a model without the score, or a format of which nobody measured the loss, is good enough.</summary>
    public bool AcceptsUnknownQuality { get; init; }

    /// <summary>Where the data may go.</summary>
    public Residency Residency { get; init; } = Residency.OwnAccount;

    /// <summary>Formats of weights; empty for the usual ones and the checkpoint's own (<see cref="UsualWeights"/>).</summary>
    public ValueList<WeightFormat> Weights { get; init; } = [];

    /// <summary>Engines; empty for the usual ones whose memory and speed are known (<see cref="UsualEngines"/>).</summary>
    public ValueList<Engine> Engines { get; init; } = [];

    /// <summary>What times may rest on at worst; on measurements of other hardware unless stated.</summary>
    public Basis WeakestBasis { get; init; } = Basis.Extrapolated;

    /// <summary>Kinds of GPU; empty for all that have a price.</summary>
    public ValueList<Gpu> Gpus { get; init; } = [];

    /// <summary>Vendors of GPUs; empty for all.</summary>
    public ValueList<string> Vendors { get; init; } = [];

    /// <summary>GPUs over which one replica may be laid; 1, 2, 4 and 8 unless stated.</summary>
    public ValueList<int> GpusPerReplica { get; init; } = [1, 2, 4, 8];

    /// <summary>Who rents out machines; empty for all.</summary>
    public ValueList<string> Providers { get; init; } = [];

    /// <summary>Kinds of price; on demand alone unless stated. Spot machines may be taken away, and offers of a marketplace are
    /// those of whoever happens to make them.</summary>
    public ValueList<string> PriceKinds { get; init; } = ["on-demand"];

    /// <summary>Prices; those of the catalog unless stated.</summary>
    public PriceList Prices { get; init; } = PriceList.Catalog;

    /// <summary>What owning comes to beside the price; the catalog's assumptions unless stated.</summary>
    public Ownership Ownership { get; init; } = Ownership.Catalog;

    /// <summary>Hours of a month for which rented machines are paid, above 0 to 730: all unless stated. Owned ones are always
    /// paid.</summary>
    public double HoursPerMonth { get; init; } = TokenCost.HoursPerMonth;

    /// <summary>The most that may be spent, in US dollars a month; of a batch, in all. Null for no limit.</summary>
    public double? Budget { get; init; }

    /// <summary>Months that are planned for, above 0.</summary>
    public double Months { get; init; } = 12;

    /// <summary>The part by which the load grows a year; plans bear the load of the last month. 0 unless stated.</summary>
    public double GrowthPerYear { get; init; }

    /// <summary>Plans that are kept, the cheapest of each model on each kind of GPU: 1 or more.</summary>
    public int Keep { get; init; } = 24;

    /// <summary>Formats that services usually run: 16 bits, 8 bits, 4 bits with little loss.</summary>
    public static ValueList<WeightFormat> UsualWeights { get; } =
        [WeightFormat.Bf16, WeightFormat.Fp8, WeightFormat.Find("q8_0"), WeightFormat.Find("q4_k_m"), WeightFormat.Awq4Bit128G];

    /// <summary>Engines whose memory and speed under load are known.</summary>
    public static ValueList<Engine> UsualEngines { get; } = [.. EngineCatalog.All
        .Where(engine => engine is { Rank: not null, Memory: not null, Speed.IsContinuous: true })
        .OrderBy(engine => engine.Rank)];

    /// <summary>What a use case asks, where nothing else is said.</summary>
    /// <param name="useCase">What the service is for.</param>
    /// <param name="load">How much is asked.</param>
    /// <param name="models">The models that would do.</param>
    public static ServiceRequirements For(UseCase useCase, ServiceLoad load, params ModelDefinition[] models)
    {
        ArgumentNullException.ThrowIfNull(useCase);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(models);
        return new()
        {
            Models = [.. models], Load = load, Prompt = useCase.Prompt, Output = useCase.Output,
            TimeToFirstToken = useCase.TimeToFirstToken, InterTokenLatency = useCase.InterTokenLatency,
        };
    }

    /// <summary>Tokens of each turn's own question: with n turns, s shared tokens and answers of o, the k-th prompt is s + k · q
    /// + (k − 1) · o; their mean is P = s + q · (n + 1) ÷ 2 + o · (n − 1) ÷ 2.</summary>
    internal double QuestionTokens =>
        (Prompt.Mean - SharedPrefixTokens - (Output.Mean * (Turns - 1) / 2)) * 2 / (Turns + 1);

    // As many as leave each question a token.
    private double MostTurns =>
        Math.Max(1, Math.Floor(((2 * (Prompt.Mean - SharedPrefixTokens)) + Output.Mean - 1) / (Output.Mean + 1)));

    /// <summary>Tokens of a prompt that are cached in the mean: s + (n − 1) ÷ 2 · (q + o).</summary>
    internal double CachedTokens => SharedPrefixTokens + ((Turns - 1) / 2 * (QuestionTokens + Output.Mean));

    /// <summary>The longest sequence that must be possible, in tokens.</summary>
    internal long ContextTokens =>
        (long)Math.Ceiling(Math.Max(LongestContext ?? Prompt.At(95) + Output.At(95), Prompt.Mean + Output.Mean));

    /// <summary>Requests a second in the busiest minute of the last month.</summary>
    internal double PeakRate => Load.PeakRate(Output.Mean) * Growth;

    /// <summary>Requests under way at once at most, in the last month.</summary>
    internal double MostAtOnce => Load.MostAtOnce * Growth;

    /// <summary>The highest percentile of a limit: so often there is room for whoever comes.</summary>
    internal double Percentile => Load.BatchRequests is not null ? 50
        : new[] { TimeToFirstToken, InterTokenLatency, EndToEnd }.Max(limit => limit?.Percentile) ?? LatencyLimit.UsualPercentile;

    private double Growth => Math.Pow(1 + GrowthPerYear, Months / 12);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ServiceRequirements), PrintMembers);

    /// <summary>Refuses what cannot be, or contradicts itself.</summary>
    /// <exception cref="EstimateException">A number is out of range, or two do not go together; the error names them.</exception>
    internal void Check()
    {
        Load.Check();
        TimeToFirstToken?.Check(nameof(TimeToFirstToken));
        InterTokenLatency?.Check(nameof(InterTokenLatency));
        EndToEnd?.Check(nameof(EndToEnd));
        Need(Models.Count > 0, nameof(Models), "1 model or more", Models.Count);
        Need(SharedPrefixTokens >= 0 && SharedPrefixTokens < Prompt.Mean, nameof(SharedPrefixTokens),
            "0 or more, fewer than a prompt has", SharedPrefixTokens);
        Need(Turns is >= 1 and <= 1e6, nameof(Turns), "1 to 1,000,000", Turns);
        Need(Turns == 1 || QuestionTokens >= 1, nameof(Turns),
            FormattableString.Invariant($"at most {MostTurns:0}, whose answers a prompt of the given mean has room for,"), Turns);
        Need(LongestContext is null || (LongestContext >= Prompt.Mean + Output.Mean && LongestContext <= 1L << 30),
            nameof(LongestContext), "prompt and answer or more, at most 1,073,741,824 tokens", LongestContext ?? 0);
        Need(HoursPerMonth is > 0 and <= TokenCost.HoursPerMonth, nameof(HoursPerMonth), "above 0, at most 730", HoursPerMonth);
        Need(Load.BatchRequests is not null || HoursPerMonth >= Load.HoursPerMonth || Residency == Residency.Premises,
            nameof(HoursPerMonth), $"as many as requests come in, {NumberText.Short(Load.HoursPerMonth)}, or more",
            HoursPerMonth);
        Need(Budget is null or (> 0 and < double.PositiveInfinity), nameof(Budget), "above 0 US dollars", Budget ?? 0);
        Need(Months is > 0 and <= 1200, nameof(Months), "above 0, at most 1,200", Months);
        Need(GrowthPerYear is > -1 and <= 100, nameof(GrowthPerYear), "above -1, at most 100", GrowthPerYear);
        Need(MostLoss is null or (>= 0 and <= 1), nameof(MostLoss), "0 to 1", MostLoss ?? 0);
        Need(Keep is >= 1 and <= 100_000, nameof(Keep), "1 to 100,000", Keep);
        Need(GpusPerReplica.Count > 0 && GpusPerReplica.All(gpus => gpus is >= 1 and <= 1024), nameof(GpusPerReplica),
            "1 to 1,024 GPUs", GpusPerReplica.Count == 0 ? 0 : GpusPerReplica.Min());
        if (EndToEnd is { } whole && (Shorter(whole, TimeToFirstToken) || Shorter(whole, InterTokenLatency)))
        {
            throw new EstimateException(nameof(EndToEnd), "the whole answer takes at least as long as a part of it: "
                + $"{whole} is less than the limit of a part, "
                + $"{(Shorter(whole, TimeToFirstToken) ? TimeToFirstToken : InterTokenLatency)}.");
        }
    }

    private static bool Shorter(LatencyLimit whole, LatencyLimit? part) =>
        part is { } limit && whole.AtMost < limit.AtMost && whole.Percentile >= limit.Percentile;
}
