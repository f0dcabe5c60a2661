using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>A part of a step.</summary>
/// <param name="Name">What takes the time.</param>
/// <param name="Milliseconds">How much, as expected.</param>
public readonly record struct StepPhase(string Name, double Milliseconds)
{
    /// <summary>The time with its range.</summary>
    public TimeRange Range { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(StepPhase), PrintMembers);
}
