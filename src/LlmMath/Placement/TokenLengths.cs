using LlmMath.Basics;
using LlmMath.Placement;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath;

/// <summary>How many tokens prompts or answers have: always as many, spread around a mean or a median as the logarithmic normal
/// distribution is, or as a histogram has it.</summary>
public sealed record TokenLengths
{
    // No model reads more.
    private const double MostTokens = 1L << 30;

    // How far shares of a histogram may miss 1: people print them in percent with two places.
    private const double ShareTolerance = 0.005;

    // 451 ÷ 211.1 of answers in the conversations of Azure's trace of 2023.
    // Source: Azure/AzurePublicDataset@b469a113, data/AzureLLMInferenceTrace_conv.csv.
    private const double UsualSpread = 2.136;

    // NeMo RL cuts answers of 1,019 tokens on average at 4,096. Source: NVIDIA-NeMo/RL@e7c0123d7,
    // docs/about/performance-summary.md.
    private const int UsualLimit = 4;

    private TokenLengths()
    {
    }

    /// <summary>Lengths around a mean that are cut at a limit, as training's answers are.</summary>
    /// <param name="mean">The mean as it is after cutting, 1 or more.</param>
    /// <param name="p95">What one in twenty exceeds, the mean or more; 0 for 2.14 times the mean, as answers in conversations
    /// have it.</param>
    /// <param name="limit">Where they are cut, the 95th percentile or more; 0 for four times the mean.</param>
    /// <exception cref="EstimateException">A number is out of range, or below another.</exception>
    public TokenLengths(double mean, long p95 = 0, long limit = 0)
    {
        Need(mean is >= 1 and <= MostTokens, nameof(mean), "1 to 1,073,741,824 tokens", mean);
        double most = limit != 0 ? limit : Math.Min(MostTokens, Math.Max(p95, Math.Ceiling(UsualLimit * mean)));
        double spread = p95 != 0 ? p95 : Math.Min(most, Math.Ceiling(UsualSpread * mean));
        Need(spread >= mean && spread <= MostTokens, nameof(p95), "the mean or more, at most 1,073,741,824 tokens", spread);
        Need(most >= spread && most <= MostTokens, nameof(limit),
            "the 95th percentile or more, at most 1,073,741,824 tokens", most);
        (Mean, Limit, Spread) = (mean, (long)most, LengthSpread.Around(mean, spread, most));
    }

    /// <summary>Tokens in the mean, 1 or more.</summary>
    public double Mean { get; private init; }

    /// <summary>Tokens that half of the requests exceed.</summary>
    public double Median => At(50);

    /// <summary>Tokens of the longest; 1,073,741,824 where nothing cuts them.</summary>
    public long Limit { get; private init; } = (long)MostTokens;

    /// <summary>The shares of a histogram or trace, the shortest first; empty where lengths are lognormal.</summary>
    public ValueList<LengthBin> Bins { get; private init; } = [];

    // Where there are no bins.
    private LengthSpread Spread { get; init; }

    /// <summary>Every request has as many.</summary>
    /// <param name="tokens">Tokens, 1 or more.</param>
    /// <exception cref="EstimateException">The number is out of range.</exception>
    public static TokenLengths Fixed(double tokens)
    {
        Need(tokens is >= 1 and <= MostTokens, nameof(tokens), "1 to 1,073,741,824 tokens", tokens);
        return Of([new(tokens, 1)]);
    }

    /// <summary>Lengths whose logarithm is spread normally, uncut: mean = median · exp(σ² ÷ 2), σ = ln(p95 ÷ median) ÷
    /// 1.645.</summary>
    /// <param name="median">Tokens that half of the requests exceed, 1 or more.</param>
    /// <param name="p95">Tokens that one in twenty exceeds, at least the median.</param>
    /// <exception cref="EstimateException">A number is out of range, or below the other.</exception>
    public static TokenLengths LogNormal(double median, double p95)
    {
        Need(median is >= 1 and <= MostTokens, nameof(median), "1 to 1,073,741,824 tokens", median);
        Need(p95 >= median && p95 <= MostTokens, nameof(p95), "the median or more, at most 1,073,741,824 tokens", p95);
        var spread = LengthSpread.Between(median, p95, MostTokens);
        return new() { Spread = spread, Mean = median * Math.Exp(spread.Sigma * spread.Sigma / 2) };
    }

    /// <summary>Lengths as a histogram has them.</summary>
    /// <param name="bins">Tokens and shares, in any order; the shares sum to 1.</param>
    /// <exception cref="EstimateException">There is none, a number is out of range, or they do not sum to 1.</exception>
    public static TokenLengths Histogram(params IReadOnlyList<LengthBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        Need(bins.Count > 0, nameof(bins), "1 bin or more", bins.Count);
        foreach (LengthBin bin in bins)
        {
            Need(bin.Tokens is >= 1 and <= MostTokens, nameof(LengthBin.Tokens), "1 to 1,073,741,824 tokens", bin.Tokens);
            Need(bin.Share is >= 0 and <= 1, nameof(LengthBin.Share), "0 to 1", bin.Share);
        }

        double sum = bins.Sum(bin => bin.Share);
        Need(Math.Abs(sum - 1) <= ShareTolerance, nameof(bins), "shares that sum to 1", sum);
        return Of([.. bins.Select(bin => bin with { Share = bin.Share / sum }).OrderBy(bin => bin.Tokens)]);
    }

    /// <summary>Lengths that somebody described by mean, median and 95th percentile: spread lognormally between the latter two,
    /// with the mean as it was.</summary>
    internal static TokenLengths Described(double mean, double median, double p95) => LogNormal(median, p95) with { Mean = mean };

    /// <summary>Tokens that all but (100 − p) in a hundred requests do not exceed.</summary>
    /// <param name="percentile">Above 0, below 100.</param>
    /// <exception cref="EstimateException">It is out of range.</exception>
    public double At(double percentile)
    {
        Need(percentile is > 0 and < 100, nameof(percentile), "above 0, below 100", percentile);
        if (Bins.Count == 0)
        {
            return Math.Max(1, Spread.At(percentile));
        }

        double below = 0;
        foreach (LengthBin bin in Bins)
        {
            below += bin.Share;
            // What sums of shares lose to rounding is no request.
            if (below >= (percentile / 100) - 1e-9)
            {
                return bin.Tokens;
            }
        }

        return Bins[Bins.Count - 1].Tokens;
    }

    /// <summary>Share of lengths above so many tokens.</summary>
    internal double Above(double tokens) => Bins.Count == 0 ? Spread.Above(tokens)
        : Bins.Sum(bin => bin.Tokens > tokens ? bin.Share : 0);

    /// <summary>The mean of the k-th power.</summary>
    internal double Moment(int k) => Bins.Count == 0 ? Spread.Moment(k) : Bins.Sum(bin => bin.Share * Math.Pow(bin.Tokens, k));

    /// <summary>Mean, median and 95th percentile.</summary>
    public override string ToString() => Bins.Count == 1 ? FormattableString.Invariant($"{Mean:#,0}")
        : FormattableString.Invariant($"{Mean:#,0} (median {Median:#,0}, 95th percentile {At(95):#,0})");

    private static TokenLengths Of(ValueList<LengthBin> sorted) => new()
    {
        Bins = sorted, Mean = sorted.Sum(bin => bin.Tokens * bin.Share),
        Limit = (long)Math.Ceiling(sorted[sorted.Count - 1].Tokens),
    };
}
