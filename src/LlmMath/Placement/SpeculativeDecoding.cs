using LlmMath.Basics;

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

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(SpeculativeDecoding), PrintMembers);
}
