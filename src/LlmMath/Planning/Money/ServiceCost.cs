using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a service costs that runs on machines paid by the hour, at a load.</summary>
public sealed record ServiceCost
{
    /// <summary>US dollars an hour for all its machines.</summary>
    public required double UsdPerHour { get; init; }

    /// <summary>Hours a month that they are paid for.</summary>
    public double HoursPerMonth { get; init; } = TokenCost.HoursPerMonth;

    /// <summary>Requests in a month, above 0.</summary>
    public required double RequestsPerMonth { get; init; }

    /// <summary>Tokens of a prompt in the mean.</summary>
    public required double PromptTokens { get; init; }

    /// <summary>Tokens of an answer in the mean.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>The share of the machines' working time that goes into reading prompts, 0 to 1.</summary>
    public double PromptShare { get; init; }

    /// <summary>Users who have access; null where the load was not said by users.</summary>
    public double? Users { get; init; }

    /// <summary>The share of the most that the machines could write which is asked of them, 0 to 1.</summary>
    public required double BusyShare { get; init; }

    /// <summary>US dollars a month: US dollars an hour · hours.</summary>
    public double UsdPerMonth => UsdPerHour * HoursPerMonth;

    /// <summary>US dollars a request.</summary>
    public double UsdPerRequest => UsdPerMonth / RequestsPerMonth;

    /// <summary>US dollars a million tokens of prompts: what reading them takes of the machines' time, over their number; null
    /// where there are none.</summary>
    public double? UsdPerMillionInput => PromptTokens > 0 ? 1e6 * UsdPerRequest * PromptShare / PromptTokens : null;

    /// <summary>US dollars a million tokens written, reading the prompts paid apart; null where there are none.</summary>
    public double? UsdPerMillionOutput => OutputTokens > 0 ? 1e6 * UsdPerRequest * (1 - PromptShare) / OutputTokens : null;

    /// <summary>US dollars a million tokens, read and written alike.</summary>
    public double UsdPerMillion => 1e6 * UsdPerRequest / (PromptTokens + OutputTokens);

    /// <summary>US dollars a user and month; null where the load was not said by users.</summary>
    public double? UsdPerUserMonth => UsdPerMonth / Users;

    /// <summary>US dollars over a number of months.</summary>
    /// <param name="months">Months, 0 or more.</param>
    public double Over(double months) => UsdPerMonth * months;

    /// <summary>US dollars a million tokens if the same machines were busy another share of the time: as much is paid, more or
    /// less is written. Linear in 1 ÷ share.</summary>
    /// <param name="busyShare">Above 0 to 1.</param>
    /// <exception cref="EstimateException">It is out of range.</exception>
    public double UsdPerMillionAt(double busyShare) => busyShare is > 0 and <= 1
        ? UsdPerMillion * BusyShare / busyShare
        : throw new EstimateException(nameof(busyShare), $"above 0, at most 1 is right; it is {NumberText.Short(busyShare)}.");

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ServiceCost), PrintMembers);
}
