using LlmMath.Placement;

namespace LlmMath.Planning.Search;

/// <summary>What a latency comes to at a percentile. The closed form gives a range in which eight of ten measurements lie; taken
/// as lognormal, its percentile p is t · (high ÷ t)^(z(p) ÷ z(90)). What a longer prompt or answer than the mean takes comes
/// on top.</summary>
internal static class Latencies
{
    private static readonly double s_z90 = Normal.Quantile(0.9);

    /// <summary>Seconds at a percentile.</summary>
    /// <param name="range">The estimate.</param>
    /// <param name="more">Seconds more than in the mean that a request of the percentile's length takes.</param>
    /// <param name="percentile">50 to below 100.</param>
    public static double At(in TimeRange range, double more, double percentile)
    {
        double expected = range.Expected.TotalSeconds;
        return more + (expected * Times(range.High.TotalSeconds / expected, percentile));
    }

    /// <summary>How many times the expected time a percentile is.</summary>
    /// <param name="high">The high end of the range ÷ the expected time.</param>
    /// <param name="percentile">50 to below 100.</param>
    public static double Times(double high, double percentile) =>
        Math.Pow(Math.Max(1, high), Normal.Quantile(percentile / 100) / s_z90);

    /// <summary>The chance that a limit holds: that a lognormal estimate lies below it.</summary>
    public static double Chance(in TimeRange range, double more, TimeSpan limit)
    {
        double expected = range.Expected.TotalSeconds, left = limit.TotalSeconds - more;
        double sigma = Math.Log(Math.Max(1, range.High.TotalSeconds / expected)) / s_z90;
        return left <= 0 ? 0 : sigma == 0 ? (left >= expected ? 1 : 0) : Normal.Share(Math.Log(left / expected) / sigma);
    }
}
