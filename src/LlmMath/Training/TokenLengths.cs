using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>How many tokens prompts or answers have: a mean, what one in twenty exceeds, and a limit at which they are cut.
/// Between these they are spread as the logarithmic normal distribution is.</summary>
public readonly record struct TokenLengths
{
    // 451 ÷ 211.1 of answers in the conversations of Azure's trace of 2023.
    // Source: Azure/AzurePublicDataset@b469a113, data/AzureLLMInferenceTrace_conv.csv.
    private const double UsualSpread = 2.136;

    // NeMo RL cuts answers of 1,019 tokens on average at 4,096. Source: NVIDIA-NeMo/RL@e7c0123d7,
    // docs/about/performance-summary.md.
    private const int UsualLimit = 4;

    private readonly long _p95, _limit;

    /// <summary>Lengths around a mean.</summary>
    /// <param name="mean">The mean as it is after cutting, 1 or more.</param>
    /// <param name="p95">What one in twenty exceeds; 0 for 2.14 times the mean, as answers in conversations have it.</param>
    /// <param name="limit">Where they are cut; 0 for four times the mean.</param>
    public TokenLengths(double mean, long p95 = 0, long limit = 0) => (Mean, _p95, _limit) = (mean, p95, limit);

    /// <summary>Lengths that are all the same.</summary>
    /// <param name="tokens">Tokens, 1 or more.</param>
    public static TokenLengths Fixed(long tokens) => new(tokens, tokens, tokens);

    /// <summary>The mean.</summary>
    public double Mean { get; }

    /// <summary>What one in twenty exceeds.</summary>
    public long P95 => _p95 != 0 ? _p95 : Math.Min(Limit, Whole(UsualSpread * Mean));

    /// <summary>The longest.</summary>
    public long Limit => _limit != 0 ? _limit : Math.Max(_p95, Whole(UsualLimit * Mean));

    private static long Whole(double tokens) => tokens < 9e18 ? (long)Math.Max(0, Math.Ceiling(tokens)) : long.MaxValue;

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TokenLengths), PrintMembers);
}
