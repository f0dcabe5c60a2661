using LlmMath.Engines;

namespace LlmMath;

/// <summary>A time that is estimated: likely between <see cref="Low"/> and <see cref="High"/> in eight cases of ten. No time is
/// shorter than a tick of 100 ns, the least that a <see cref="TimeSpan"/> tells apart from none, or longer than
/// <see cref="TimeSpan.MaxValue"/>, 29,000 years; rates are those of the times as given.</summary>
/// <param name="Low">One in ten lies below.</param>
/// <param name="Expected">The likely value.</param>
/// <param name="High">One in ten lies above.</param>
public readonly record struct TimeRange(TimeSpan Low, TimeSpan Expected, TimeSpan High)
{
    internal static TimeRange Of(double seconds, Spread spread) =>
        new(Span(seconds * spread.Low), Span(seconds), Span(seconds * spread.High));

    /// <summary>This time and so many times another.</summary>
    internal TimeRange Then(long times, in TimeRange other) =>
        new(Then(Low, times, other.Low), Then(Expected, times, other.Expected), Then(High, times, other.High));

    /// <summary>The times in milliseconds.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Expected.TotalMilliseconds:0.##} ms [{Low.TotalMilliseconds:0.##} to {High.TotalMilliseconds:0.##}]");

    /// <summary>Seconds, 0 or more, as a time: at least a tick, at most <see cref="TimeSpan.MaxValue"/>.</summary>
    internal static TimeSpan Span(double seconds) =>
        seconds < 9e11 ? TimeSpan.FromTicks((long)Math.Max(1, seconds * TimeSpan.TicksPerSecond)) : TimeSpan.MaxValue;

    private static TimeSpan Then(TimeSpan first, long times, TimeSpan each) =>
        each.Ticks == 0 || times <= (TimeSpan.MaxValue.Ticks - first.Ticks) / each.Ticks
            ? TimeSpan.FromTicks(first.Ticks + (times * each.Ticks))
            : TimeSpan.MaxValue;
}
