using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>The longest that something may take, for so many of a hundred requests.</summary>
/// <param name="AtMost">The longest, above 0.</param>
/// <param name="Percentile">Requests in a hundred that must keep it, 50 to below 100. A limit in the mean is one of 50.</param>
public readonly record struct LatencyLimit(TimeSpan AtMost, double Percentile = LatencyLimit.UsualPercentile)
{
    /// <summary>Nine of ten: what the range of an estimate says.</summary>
    public const double UsualPercentile = 90;

    /// <summary>A limit in milliseconds.</summary>
    /// <param name="milliseconds">Milliseconds, above 0.</param>
    /// <param name="percentile">Requests in a hundred that must keep it, 50 to below 100.</param>
    /// <exception cref="EstimateException">A number is out of range.</exception>
    public static LatencyLimit Of(double milliseconds, double percentile = UsualPercentile)
    {
        if (!(milliseconds is > 0 and < 1e12))
        {
            throw new EstimateException(nameof(AtMost),
                $"above 0 ms is right, and below 10^12; it is {NumberText.Short(milliseconds)}.");
        }

        var limit = new LatencyLimit(TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)), percentile);
        limit.Check(nameof(LatencyLimit));
        return limit;
    }

    /// <summary>The limit.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{AtMost.TotalMilliseconds:#,0.##} ms for {Percentile:0.##} of 100");

    internal void Check(string field)
    {
        if (AtMost <= TimeSpan.Zero)
        {
            throw new EstimateException(field, "a limit above 0 ms is right.");
        }

        if (!(Percentile is >= 50 and < 100))
        {
            throw new EstimateException($"{field}.{nameof(Percentile)}",
                $"50 to below 100 is right; it is {NumberText.Short(Percentile)}.");
        }
    }
}
