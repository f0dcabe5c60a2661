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
    /// thinking; of a model that nobody measured that of those that were, from the least to the most. Drafting a token costs a
    /// layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="draftTokens">Tokens drafted at each step, 1 to as many as were measured.</param>
    /// <exception cref="EstimateException">So many drafts were not measured.</exception>
    public static SpeculativeDecoding Of(ModelDefinition model, int draftTokens)
    {
        ArgumentNullException.ThrowIfNull(model);
        DraftAcceptance known = AcceptanceCatalog.All;
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
        double middle = own.Length > 0 ? yields.Average() : yields[yields.Length / 2];
        string whose = own.Length > 0
            ? $"as measured with its {string.Join(", ", own.Select(series => series.Method).Distinct())}"
            : "of other models, since nobody measured this one";
        return OfLength(draftTokens, middle, 1.0 / Math.Max(1, model.Architecture.LayerCount)) with
        {
            TokensPerStepRange = new(yields[0] / middle, yields[^1] / middle),
            Source = $"{whose} ({known.MeasuredOn}; {known.Source})",
        };
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(SpeculativeDecoding), PrintMembers);
}
