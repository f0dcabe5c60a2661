using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Where a constant is expected before any row is seen, and how far (as a factor's logarithm) rows that share something
/// may stray from it. A width of 0 holds it.</summary>
/// <param name="Center">Its usual value, in the units of <see cref="EngineConstant.All"/>.</param>
/// <param name="IsWait">Whether it is fitted after the others, on times to the first token alone.</param>
internal sealed record Prior(double Center, bool IsWait)
{
    /// <summary>The width of what rows with something in common add, in the order of <see cref="Sharing"/>.</summary>
    public required ValueList<double> Widths { get; init; }

    /// <summary>The width of a level, 0 or more.</summary>
    public double Width(Sharing shared) => Widths[(int)shared];
}
