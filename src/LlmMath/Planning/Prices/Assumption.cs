using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>A figure that is assumed: its likely value, and between what it may lie.</summary>
/// <param name="Value">The likely value.</param>
/// <param name="Low">The least that is reckoned with.</param>
/// <param name="High">The most that is reckoned with.</param>
/// <param name="Unit">What it is in: <c>USD per kWh</c>.</param>
/// <param name="Source">Where it was read.</param>
/// <param name="Note">What a reader should know; null where there is nothing.</param>
public sealed record Assumption(double Value, double Low, double High, string Unit, Citation Source, string? Note = null)
{
    /// <summary>The same figure as somebody knows it, without a range.</summary>
    /// <param name="value">The value, 0 or more.</param>
    /// <exception cref="EstimateException">It is negative or no number.</exception>
    public Assumption As(double value) => value is >= 0 and < double.PositiveInfinity
        ? new(value, value, value, Unit, Citation.Own)
        : throw new EstimateException(nameof(Value), $"0 or more {Unit} is right; it is {NumberText.Short(value)}.");

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Assumption), PrintMembers);
}
