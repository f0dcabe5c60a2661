namespace LlmMath;

/// <summary>Times of generating text.</summary>
public static class GenerationTime
{
    /// <summary>
    /// The naive bound: every output token recomputes the full context, nothing is cached.
    /// t = outputs × context × parameters × operations ÷ rate, with outputs and context in tokens, one operation a parameter and
    /// token unless stated, the rate in operations a second. It ignores memory traffic, attention's own products and any
    /// efficiency below one: a bound to reckon against, not a prediction.
    /// </summary>
    /// <param name="parameters">Parameters that a token uses, 1 or more.</param>
    /// <param name="contextTokens">Tokens recomputed for each output token, 1 or more.</param>
    /// <param name="outputTokens">Tokens generated, 1 or more.</param>
    /// <param name="operationsPerSecond">Peak rate of the hardware, above 0.</param>
    /// <param name="operationsPerParameter">Operations for a parameter and token: 1 on paper, 2 where a multiply and an add count
    /// apart.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <returns>The time, from one tick to <see cref="TimeSpan.MaxValue"/>, 29,000 years.</returns>
    public static TimeSpan FullRecompute(long parameters, long contextTokens, long outputTokens, double operationsPerSecond,
        double operationsPerParameter = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contextTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputTokens);
        if (!(operationsPerSecond > 0) || !(operationsPerParameter > 0))
        {
            string name = operationsPerSecond > 0 ? nameof(operationsPerParameter) : nameof(operationsPerSecond);
            throw new ArgumentOutOfRangeException(name, "Rates and operations are above 0.");
        }

        return TimeRange.Span((double)outputTokens * contextTokens * parameters * operationsPerParameter / operationsPerSecond);
    }
}
