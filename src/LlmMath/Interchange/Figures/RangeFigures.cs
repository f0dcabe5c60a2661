using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A range in JSON.</summary>
/// <param name="Low">Its low end, in the unit that the field's name ends with.</param>
/// <param name="Expected">What is expected.</param>
/// <param name="High">Its high end.</param>
public sealed record RangeFigures(double Low, double Expected, double High)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(RangeFigures), PrintMembers);
}

/// <summary>A range of bytes in JSON.</summary>
/// <param name="Low">Its low end.</param>
/// <param name="Expected">What is expected.</param>
/// <param name="High">Its high end.</param>
public sealed record ByteFigures(long Low, long Expected, long High)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ByteFigures), PrintMembers);
}
