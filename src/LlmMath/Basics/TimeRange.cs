namespace LlmMath;

/// <summary>A time that is estimated: likely between <see cref="Low"/> and <see cref="High"/> in eight cases of ten.</summary>
/// <param name="Low">One in ten lies below.</param>
/// <param name="Expected">The likely value.</param>
/// <param name="High">One in ten lies above.</param>
public readonly record struct TimeRange(TimeSpan Low, TimeSpan Expected, TimeSpan High)
{
    internal static TimeRange Of(double seconds, Spread spread) =>
        new(Span(seconds * spread.Low), Span(seconds), Span(seconds * spread.High));

    /// <summary>The times in milliseconds.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Expected.TotalMilliseconds:0.##} ms [{Low.TotalMilliseconds:0.##} to {High.TotalMilliseconds:0.##}]");

    // Beyond 29,000 years a TimeSpan ends.
    private static TimeSpan Span(double seconds) => seconds < 9e11 ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
        : TimeSpan.MaxValue;
}
