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

/// <summary>A rate that is estimated: likely between <see cref="Low"/> and <see cref="High"/> in eight cases of ten.</summary>
/// <param name="Low">One in ten lies below.</param>
/// <param name="Expected">The likely value.</param>
/// <param name="High">One in ten lies above.</param>
public readonly record struct RateRange(double Low, double Expected, double High)
{
    internal static RateRange Of(double amount, in TimeRange time) =>
        new(amount / time.High.TotalSeconds, amount / time.Expected.TotalSeconds, amount / time.Low.TotalSeconds);

    /// <summary>The rates.</summary>
    public override string ToString() => FormattableString.Invariant($"{Expected:0.##} [{Low:0.##} to {High:0.##}]");
}

/// <summary>What an estimate rests on.</summary>
public enum Basis
{
    /// <summary>The engine was measured on this GPU.</summary>
    Measured,

    /// <summary>The engine was measured on this generation, not on this GPU.</summary>
    Interpolated,

    /// <summary>The engine was not measured on this generation: the nearest stands in for it.</summary>
    Extrapolated,

    /// <summary>Nothing was measured: the bound of the hardware.</summary>
    Bound,
}

/// <summary>What takes most of the time between tokens.</summary>
public enum Bottleneck
{
    /// <summary>Reading weights.</summary>
    WeightBandwidth,

    /// <summary>Reading the cache.</summary>
    CacheBandwidth,

    /// <summary>Matrix products.</summary>
    Compute,

    /// <summary>Attention's products.</summary>
    Attention,

    /// <summary>Collectives between GPUs.</summary>
    Communication,

    /// <summary>Launching kernels, scheduling and sampling.</summary>
    Overhead,

    /// <summary>Reading other requests' prompts between one's tokens.</summary>
    InterleavedPrefill,

    /// <summary>Moving what enters and leaves the matrices.</summary>
    ActivationBandwidth,
}
