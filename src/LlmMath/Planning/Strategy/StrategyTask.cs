using LlmMath.Basics;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath.Planning;

/// <summary>What a model is to do, and how many examples of it there are: what strategies are compared on.</summary>
public sealed record StrategyTask
{
    /// <summary>The kind of GPU on which is trained and served.</summary>
    public required Gpu Gpu { get; init; }

    /// <summary>Examples to learn from, 1 or more.</summary>
    public required long Examples { get; init; }

    /// <summary>Tokens of an example, question and answer together: 1 or more.</summary>
    public required long TokensPerExample { get; init; }

    /// <summary>Requests a month, above 0.</summary>
    public required double RequestsPerMonth { get; init; }

    /// <summary>Tokens of a request's own prompt, without examples or what is looked up: 1 or more.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Tokens of an answer, 1 or more.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Months that it is used, above 0.</summary>
    public required double Months { get; init; }

    /// <summary>Examples that stand in each prompt where the model is not trained, 1 or more; as many as there are where there
    /// are fewer. A choice.</summary>
    public long ExamplesInPrompt { get; init; } = 8;

    /// <summary>Tokens that are looked up for each prompt, 1 or more: eight passages of 500. A choice.</summary>
    public long RetrievedTokens { get; init; } = 4000;

    /// <summary>How often each example is seen in training, above 0. A choice.</summary>
    public double Epochs { get; init; } = 3;

    /// <summary>Rank of adapters, of every linear layer: 1 or more. A choice.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Format of the weights that serve. What is trained is merged into them.</summary>
    public WeightFormat Weights { get; init; } = WeightFormat.Bf16;

    /// <summary>Engines that may serve; empty for the usual ones.</summary>
    public ValueList<Engine> Engines { get; init; } = [];

    /// <summary>The limit of the time to the first token; 6 seconds for nine of ten unless stated, null for none.</summary>
    public LatencyLimit? TimeToFirstToken { get; init; } = LatencyLimit.Of(6000);

    /// <summary>The limit of the time between tokens; 100 ms for nine of ten unless stated, null for none.</summary>
    public LatencyLimit? InterTokenLatency { get; init; } = LatencyLimit.Of(100);

    /// <summary>Requests in the busiest minute over those in the mean, 1 or more.</summary>
    public double PeakFactor { get; init; } = 1.5;

    /// <summary>Prices; those of the catalog unless stated.</summary>
    public PriceList Prices { get; init; } = PriceList.Catalog;

    /// <summary>Kinds of price; on demand alone unless stated.</summary>
    public ValueList<string> PriceKinds { get; init; } = ["on-demand"];

    /// <summary>Tokens of all passes over all examples.</summary>
    internal long TrainingTokens => (long)Math.Ceiling((double)Examples * TokensPerExample * Epochs);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(StrategyTask), PrintMembers);

    /// <summary>What serving requests of so many prompt tokens asks, of which so many are the same in each.</summary>
    internal ServiceRequirements Serving(ModelDefinition model, long promptTokens, long shared) => new()
    {
        Models = [model],
        Load = ServiceLoad.OfRate(RequestsPerMonth / (TokenCost.HoursPerMonth * 3600), PeakFactor),
        Prompt = TokenLengths.Fixed(promptTokens),
        Output = TokenLengths.Fixed(OutputTokens),
        SharedPrefixTokens = shared,
        TimeToFirstToken = TimeToFirstToken,
        InterTokenLatency = InterTokenLatency,
        Gpus = [Gpu],
        Weights = [Weights],
        Engines = Engines,
        Prices = Prices,
        PriceKinds = PriceKinds,
        Months = Months,
    };

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="EstimateException">A number is out of range; the error names it.</exception>
    internal void Check(ModelDefinition model)
    {
        Need(Examples is >= 1 and <= 1_000_000_000_000, nameof(Examples), "1 to 10^12", Examples);
        Need(TokensPerExample is >= 1 and <= 1 << 30, nameof(TokensPerExample), "1 to 1,073,741,824", TokensPerExample);
        Need(RequestsPerMonth is > 0 and <= 1e15, nameof(RequestsPerMonth), "above 0, at most 10^15", RequestsPerMonth);
        Need(PromptTokens is >= 1 and <= 1 << 30, nameof(PromptTokens), "1 to 1,073,741,824", PromptTokens);
        Need(OutputTokens is >= 1 and <= 1 << 30, nameof(OutputTokens), "1 to 1,073,741,824", OutputTokens);
        Need(Months is > 0 and <= 1200, nameof(Months), "above 0, at most 1,200", Months);
        Need(ExamplesInPrompt is >= 1 and <= 1_000_000, nameof(ExamplesInPrompt), "1 to 1,000,000", ExamplesInPrompt);
        Need(RetrievedTokens is >= 1 and <= 1 << 30, nameof(RetrievedTokens), "1 to 1,073,741,824", RetrievedTokens);
        Need(Epochs is > 0 and <= 10_000, nameof(Epochs), "above 0, at most 10,000", Epochs);
        Need(Rank >= 1, nameof(Rank), "1 or more", Rank);
        Need((double)Examples * TokensPerExample * Epochs < 1e18, nameof(Examples),
            "so many that all their tokens are fewer than 10^18", Examples);
        if (model.Architecture.ContextLength is { } limit && TokensPerExample > limit)
        {
            throw new EstimateException(nameof(TokensPerExample), $"the model was made for at most {NumberText.N(limit)} tokens; "
                + $"an example has {NumberText.N(TokensPerExample)}.");
        }
    }
}
