namespace LlmMath;

/// <summary>A rate that is estimated: likely between <see cref="Low"/> and <see cref="High"/> in eight cases of ten: an amount ÷
/// a <see cref="TimeRange"/>, above 0 and finite.</summary>
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
