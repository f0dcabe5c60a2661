using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>What a measured time has taught, beside what was assumed without it.</summary>
/// <param name="Measurement">The measured row.</param>
/// <param name="Assumed">What the profile alone gives.</param>
/// <param name="Now">What profile and all rows give: the range of a further run like it.</param>
/// <param name="Unseen">What profile and the other rows give, as if it had not been measured.</param>
/// <param name="IsDoubted">Whether the other rows contradict it, so that it hardly counts.</param>
public sealed record LearnedTime(
    OwnMeasurement Measurement, TimeRange Assumed, TimeRange Now, TimeSpan Unseen, bool IsDoubted)
{
    /// <summary>The factor on the profile's time.</summary>
    public double Factor => Now.Expected / Assumed.Expected;

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(LearnedTime), PrintMembers);
}
