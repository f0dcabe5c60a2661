using System.ComponentModel;
using LlmMath.Architectures;
using LlmMath.Models.Counting;

namespace LlmMath;

/// <summary>A model's totals, counted once when its definition is compiled, so that a program which only asks for them describes
/// no architecture.</summary>
/// <param name="Checkpoint">Parameters that the checkpoint holds.</param>
/// <param name="CheckpointActive">Those that one token uses.</param>
/// <param name="HandEstimate">Parameters as counted on paper.</param>
/// <param name="HandEstimateActive">Those that one token uses.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterCounts(long Checkpoint, long CheckpointActive, long HandEstimate, long HandEstimateActive)
{
    /// <summary>Counts an architecture.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <exception cref="OverflowException">A count exceeds 2⁶³ − 1.</exception>
    internal static ParameterCounts Of(Architecture architecture) => new(
        ParameterFold.Sum(architecture, CountingConvention.Checkpoint),
        ParameterFold.Sum(architecture, CountingConvention.Checkpoint, active: true),
        ParameterFold.Sum(architecture, CountingConvention.HandEstimate),
        ParameterFold.Sum(architecture, CountingConvention.HandEstimate, active: true));
}
