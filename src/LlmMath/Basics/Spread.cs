using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>Between which factors of the expected value eight of ten measurements lay.</summary>
/// <param name="Low">The 10th percentile, above 0 and at most 1.</param>
/// <param name="High">The 90th percentile, 1 or more.</param>
public readonly record struct Spread(double Low, double High)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Spread), PrintMembers);
}
