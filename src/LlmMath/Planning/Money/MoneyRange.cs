using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>US dollars that are estimated: likely between <see cref="Low"/> and <see cref="High"/> in eight cases of ten, at the
/// prices that were taken. Prices themselves move more.</summary>
/// <param name="Low">One in ten lies below.</param>
/// <param name="Expected">The likely value.</param>
/// <param name="High">One in ten lies above.</param>
public readonly record struct MoneyRange(double Low, double Expected, double High)
{
    /// <summary>So many times as much.</summary>
    /// <param name="factor">0 or more.</param>
    public MoneyRange Times(double factor) => new(Low * factor, Expected * factor, High * factor);

    /// <summary>Both, each end by itself: wider than the truth where their errors have different causes.</summary>
    /// <param name="other">The other.</param>
    public MoneyRange Plus(MoneyRange other) => new(Low + other.Low, Expected + other.Expected, High + other.High);

    /// <summary>Expected, and the range in brackets.</summary>
    public override string ToString() => Low == High ? $"{NumberText.Short(Expected)} USD"
        : $"{NumberText.Short(Expected)} USD [{NumberText.Short(Low)} to {NumberText.Short(High)}]";
}
