using LlmMath.Basics;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath.Planning;

/// <summary>How much is asked of a service: said by users, by requests a second, by tokens a day, or as a batch with its
/// deadline.</summary>
public sealed record ServiceLoad
{
    /// <summary>Hours of a month in which people work: 8 hours of 22 days. A choice.</summary>
    public const double WorkingHours = 176;

    private ServiceLoad()
    {
    }

    /// <summary>People who have access; null where the load was said otherwise.</summary>
    public double? Users { get; private init; }

    /// <summary>The share of them who are at it in the busiest hour, above 0 to 1.</summary>
    public double ActiveShare { get; private init; } = 1;

    /// <summary>Requests a minute of each who is at it, above 0.</summary>
    public double RequestsPerMinute { get; private init; }

    /// <summary>Requests in the mean of the hours in which there are any; 0 where they follow from tokens a day.</summary>
    public double RequestsPerSecond { get; private init; }

    /// <summary>Tokens written a day; null where the load was said otherwise.</summary>
    public double? TokensPerDay { get; private init; }

    /// <summary>Requests of a batch; null where requests go on coming.</summary>
    public double? BatchRequests { get; private init; }

    /// <summary>When the batch must be done; null where requests go on coming.</summary>
    public TimeSpan? Deadline { get; private init; }

    /// <summary>Requests in the busiest minute over those in the mean, 1 or more.</summary>
    public double PeakFactor { get; private init; } = 1;

    /// <summary>Hours of a month in which there are requests, above 0 to 730.</summary>
    public double HoursPerMonth { get; init; } = TokenCost.HoursPerMonth;

    /// <summary>Requests that can be under way at once at most, since nobody asks again before the answer is there; infinite
    /// where that is not known.</summary>
    public double MostAtOnce => Users is { } users
        ? Math.Max(1, Math.Min(users, Math.Ceiling(users * ActiveShare * PeakFactor)))
        : double.PositiveInfinity;

    /// <summary>A load by people.</summary>
    /// <param name="users">People who have access, 1 or more.</param>
    /// <param name="activeShare">The share of them who are at it in the busiest hour, above 0 to 1.</param>
    /// <param name="requestsPerMinute">Requests a minute of each who is at it, above 0.</param>
    /// <param name="peakFactor">Requests in the busiest minute over those in the mean of the hour, 1 or more.</param>
    /// <exception cref="EstimateException">A number is out of range; the error names it.</exception>
    public static ServiceLoad OfUsers(
        double users, double activeShare = 0.3, double requestsPerMinute = 1, double peakFactor = 1.5)
    {
        Need(users is >= 1 and <= 1e10, nameof(users), "1 to 10,000,000,000", users);
        Need(activeShare is > 0 and <= 1, nameof(activeShare), "above 0, at most 1", activeShare);
        Need(requestsPerMinute is > 0 and <= 1e6, nameof(requestsPerMinute), "above 0, at most 1,000,000", requestsPerMinute);
        NeedPeak(peakFactor);
        return new()
        {
            Users = users, ActiveShare = activeShare, RequestsPerMinute = requestsPerMinute, PeakFactor = peakFactor,
            RequestsPerSecond = users * activeShare * requestsPerMinute / 60, HoursPerMonth = WorkingHours,
        };
    }

    /// <summary>A load by requests.</summary>
    /// <param name="requestsPerSecond">Requests a second in the mean, above 0.</param>
    /// <param name="peakFactor">Requests in the busiest minute over those in the mean, 1 or more.</param>
    /// <exception cref="EstimateException">A number is out of range; the error names it.</exception>
    public static ServiceLoad OfRate(double requestsPerSecond, double peakFactor = 1.5)
    {
        Need(requestsPerSecond is > 0 and <= 1e9, nameof(requestsPerSecond), "above 0, at most 1,000,000,000", requestsPerSecond);
        NeedPeak(peakFactor);
        return new() { RequestsPerSecond = requestsPerSecond, PeakFactor = peakFactor };
    }

    /// <summary>A load by what is written in a day.</summary>
    /// <param name="tokensPerDay">Tokens written a day, above 0.</param>
    /// <param name="peakFactor">Requests in the busiest minute over those in the mean, 1 or more.</param>
    /// <exception cref="EstimateException">A number is out of range; the error names it.</exception>
    public static ServiceLoad OfTokensPerDay(double tokensPerDay, double peakFactor = 1.5)
    {
        Need(tokensPerDay is > 0 and <= 1e18, nameof(tokensPerDay), "above 0, at most 10^18", tokensPerDay);
        NeedPeak(peakFactor);
        return new() { TokensPerDay = tokensPerDay, PeakFactor = peakFactor };
    }

    /// <summary>A batch: nobody waits for a single answer.</summary>
    /// <param name="requests">Requests in all, 1 or more.</param>
    /// <param name="deadline">When all must be done, above 0.</param>
    /// <exception cref="EstimateException">A number is out of range; the error names it.</exception>
    public static ServiceLoad OfBatch(double requests, TimeSpan deadline)
    {
        Need(requests is >= 1 and <= 1e15, nameof(requests), "1 to 10^15", requests);
        Need(deadline > TimeSpan.Zero, nameof(deadline), "more than no time", deadline.TotalHours);
        return new() { BatchRequests = requests, Deadline = deadline };
    }

    /// <summary>Requests a second while there are any, in the mean.</summary>
    /// <param name="outputTokens">Tokens that each writes in the mean.</param>
    internal double MeanRate(double outputTokens) => TokensPerDay is { } tokens
        ? tokens / outputTokens / 86400
        : BatchRequests is { } requests ? requests / Deadline!.Value.TotalSeconds : RequestsPerSecond;

    /// <summary>Requests a second in the busiest minute.</summary>
    /// <param name="outputTokens">Tokens that each writes in the mean.</param>
    internal double PeakRate(double outputTokens) => MeanRate(outputTokens) * PeakFactor;

    /// <summary>The same load so many times over.</summary>
    internal ServiceLoad Times(double factor) => this with
    {
        Users = Users * factor, RequestsPerSecond = RequestsPerSecond * factor, TokensPerDay = TokensPerDay * factor,
        BatchRequests = BatchRequests * factor,
    };

    /// <summary>The load in words.</summary>
    public override string ToString() =>
        Users is { } users ? FormattableString.Invariant(
            $"{users:#,0} users, {100 * ActiveShare:0.#} % at once, {RequestsPerMinute:0.##} ")
            + (RequestsPerMinute == 1 ? "request a minute each" : "requests a minute each")
        : TokensPerDay is { } tokens ? FormattableString.Invariant($"{tokens:#,0} tokens a day")
        : BatchRequests is { } requests ? FormattableString.Invariant(
            $"a batch of {requests:#,0} requests within {Deadline!.Value.TotalHours:#,0.##} hours")
        : FormattableString.Invariant($"{RequestsPerSecond:#,0.###} requests a second");

    internal void Check() => Need(HoursPerMonth is > 0 and <= TokenCost.HoursPerMonth, nameof(HoursPerMonth),
        "above 0, at most 730", HoursPerMonth);

    private static void NeedPeak(double factor) =>
        Need(factor is >= 1 and <= 1000, "peakFactor", "1 to 1,000", factor);
}
