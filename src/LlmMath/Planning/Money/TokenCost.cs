using LlmMath.Basics;
using static LlmMath.Basics.FieldCheck;

namespace LlmMath.Planning;

/// <summary>What tokens cost on machines that are paid by the hour.</summary>
public static class TokenCost
{
    /// <summary>Hours of a month: 365 · 24 ÷ 12.</summary>
    public const double HoursPerMonth = 730;

    /// <summary>US dollars a million tokens: C = 10⁶ · P ÷ (3600 · r · u), with P US dollars an hour, r tokens a second while it
    /// works, and u the share of the time that it works. A machine that works a tenth of the day makes tokens ten times as
    /// dear.</summary>
    /// <param name="usdPerHour">US dollars an hour for all machines, 0 or more.</param>
    /// <param name="tokensPerSecond">Tokens a second over all of them, above 0.</param>
    /// <param name="busyShare">The share of the time that they work, above 0 to 1.</param>
    /// <exception cref="EstimateException">A figure is out of range; the error names it.</exception>
    public static double UsdPerMillion(double usdPerHour, double tokensPerSecond, double busyShare = 1)
    {
        Need(usdPerHour is >= 0 and < double.PositiveInfinity, nameof(usdPerHour), "0 or more and finite", usdPerHour);
        Need(tokensPerSecond is > 0 and < double.PositiveInfinity, nameof(tokensPerSecond), "above 0 and finite",
            tokensPerSecond);
        Need(busyShare is > 0 and <= 1, nameof(busyShare), "above 0, at most 1", busyShare);
        return 1e6 * usdPerHour / (3600 * tokensPerSecond * busyShare);
    }

    /// <summary>What an API asks for a request: tokens of each kind at its price.</summary>
    /// <param name="price">The API's prices.</param>
    /// <param name="promptTokens">Tokens of the prompt, 0 or more.</param>
    /// <param name="outputTokens">Tokens written, 0 or more.</param>
    /// <param name="cachedTokens">Tokens of the prompt that the API has seen before, 0 to all; they cost as others do where it
    /// has no price for them.</param>
    /// <param name="batch">Whether it may take a day; the usual price where there is no other.</param>
    /// <exception cref="EstimateException">A figure is out of range; the error names it.</exception>
    public static double UsdPerRequest(
        ApiPrice price, double promptTokens, double outputTokens, double cachedTokens = 0, bool batch = false)
    {
        ArgumentNullException.ThrowIfNull(price);
        Need(promptTokens is >= 0 and < double.PositiveInfinity, nameof(promptTokens), "0 or more and finite", promptTokens);
        Need(outputTokens is >= 0 and < double.PositiveInfinity, nameof(outputTokens), "0 or more and finite", outputTokens);
        Need(cachedTokens >= 0 && cachedTokens <= promptTokens, nameof(cachedTokens), "0 to promptTokens", cachedTokens);
        double input = (batch ? price.BatchInput : null) ?? price.Input;
        double output = (batch ? price.BatchOutput : null) ?? price.Output;
        double cached = Math.Min(price.CachedInput ?? input, input);
        return (((promptTokens - cachedTokens) * input) + (cachedTokens * cached) + (outputTokens * output)) / 1e6;
    }
}
