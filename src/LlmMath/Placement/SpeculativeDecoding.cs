using System.Globalization;
using LlmMath.Basics;
using LlmMath.Engines;

namespace LlmMath;

/// <summary>Speculative decoding or multi-token prediction: some tokens are drafted, and one pass of the model checks them
/// all.</summary>
/// <param name="DraftTokens">Tokens drafted at each step, 1 or more.</param>
/// <param name="AcceptanceRate">The chance that a drafted token is accepted when all before it were, 0 to 1.</param>
/// <param name="DraftCost">Time of drafting one token, in decoding passes of the model: a prediction layer of a model of 61
/// layers costs about 1⁄61.</param>
public readonly record struct SpeculativeDecoding(int DraftTokens, double AcceptanceRate, double DraftCost = 0.02)
{
    /// <summary>Tokens that a step is expected to yield: (1 − αᵏ⁺¹) ÷ (1 − α), of k drafts accepted with chance α. Source:
    /// Leviathan et al., arXiv:2211.17192, equation 1.</summary>
    public double TokensPerStep => AcceptanceRate >= 1 ? DraftTokens + 1.0
        : (1 - Math.Pow(AcceptanceRate, DraftTokens + 1.0)) / (1 - AcceptanceRate);

    /// <summary>Between which factors of <see cref="TokensPerStep"/> it likely lies; null where it is taken as it is
    /// given.</summary>
    public Spread? TokensPerStepRange { get; init; }

    /// <summary>Where the acceptance was measured, in words; null where it was given.</summary>
    public string? Source { get; init; }

    /// <summary>A step that yields so many tokens on average.</summary>
    /// <param name="draftTokens">Tokens drafted at each step, 1 or more.</param>
    /// <param name="tokensPerStep">Tokens that a step yields, 1 to one more than the drafts.</param>
    /// <param name="draftCost">Time of drafting one token, in decoding passes of the model.</param>
    /// <exception cref="EstimateException">A number is out of range.</exception>
    public static SpeculativeDecoding OfLength(int draftTokens, double tokensPerStep, double draftCost = 0.02)
    {
        if (draftTokens < 1)
        {
            throw new EstimateException(nameof(DraftTokens), $"1 or more is needed; it is {NumberText.N(draftTokens)}.");
        }

        if (!(tokensPerStep >= 1 && tokensPerStep <= draftTokens + 1.0))
        {
            throw new EstimateException(nameof(TokensPerStep), FormattableString.Invariant(
                $"1 to {draftTokens + 1L} is right with {draftTokens} drafts; it is {tokensPerStep}."));
        }

        (double low, double high) = (0, 1);
        for (int halving = 0; halving < 60; halving++)
        {
            double rate = (low + high) / 2;
            (low, high) = new SpeculativeDecoding(draftTokens, rate).TokensPerStep < tokensPerStep ? (rate, high) : (low, rate);
        }

        return new(draftTokens, high, draftCost);
    }

    /// <summary>Drafts of a model's own layer or head for it (MTP, EAGLE-3): its acceptance as it was measured, with and without
    /// thinking; of a model that nobody measured that of those that were, from the least to the most. Prompts were of coding; the
    /// range reaches down to prompts of random tokens. Drafting a token costs a layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="draftTokens">Tokens drafted at each step, 1 to as many as were measured.</param>
    /// <exception cref="EstimateException">So many drafts were not measured.</exception>
    public static SpeculativeDecoding Of(ModelDefinition model, int draftTokens)
    {
        ArgumentNullException.ThrowIfNull(model);
        DraftAcceptance known = AcceptanceCatalog.All;
        (double[] yields, double middle, string? method) = Measured(known, model, draftTokens);
        double random = InRandomText(yields[0], known.RandomText.Min(length => length.Share));
        return OfLength(draftTokens, middle, CostOf(model)) with
        {
            TokensPerStepRange = new(random / middle, yields[^1] / middle),
            Source = (method is null ? "of other models, since nobody measured this one" : $"as measured with its {method}")
                + $" ({known.MeasuredOn}; {known.Source}); "
                + string.Create(CultureInfo.InvariantCulture, $"{random:0.#} where prompts are random tokens"),
        };
    }

    /// <summary>The same where prompts are random tokens, as load generators send them: fewer drafts are accepted, more of a long
    /// answer, which repeats itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="draftTokens">Tokens drafted at each step, 1 to as many as were measured.</param>
    /// <param name="share">The share of accepted drafts that is left, 0 to 1.</param>
    internal static SpeculativeDecoding OfRandomText(ModelDefinition model, int draftTokens, double share) => OfLength(
        draftTokens, InRandomText(Measured(AcceptanceCatalog.All, model, draftTokens).Middle, share), CostOf(model));

    private static double InRandomText(double tokens, double share) => 1 + (share * (tokens - 1));

    private static double CostOf(ModelDefinition model) => 1.0 / Math.Max(1, model.Architecture.LayerCount);

    // Tokens a step as measured, the least first, what stands for them, and how they were drafted: null for other models'.
    private static (double[] Yields, double Middle, string? Method) Measured(
        DraftAcceptance known, ModelDefinition model, int draftTokens)
    {
        AcceptanceSeries[] own = [.. known.Series.Where(series => series.Models.Contains(model.Name))];
        AcceptanceSeries[] of = own.Length > 0 ? own : known.Series;
        int most = of.Min(series => series.Tokens.Length);
        if (draftTokens < 1 || draftTokens > most)
        {
            throw new EstimateException(nameof(DraftTokens),
                $"1 to {NumberText.N(most)} drafts were measured; it is {NumberText.N(draftTokens)}.",
                "Give the tokens a step with SpeculativeDecoding.OfLength.");
        }

        double[] yields = [.. of.Select(series => series.Tokens[draftTokens - 1]).Order()];
        return own.Length > 0
            ? (yields, yields.Average(), string.Join(", ", own.Select(series => series.Method).Distinct()))
            : (yields, yields[yields.Length / 2], null);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(SpeculativeDecoding), PrintMembers);
}
