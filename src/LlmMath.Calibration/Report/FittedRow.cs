namespace LlmMath.Calibration;

/// <summary>A row, the time from a fit that has not seen its model on its GPU, and that from the fit of all rows.</summary>
/// <param name="Row">The row.</param>
/// <param name="Unseen">Seconds from a fit without the row's model on its GPU.</param>
/// <param name="Seen">Seconds from the fit of all rows.</param>
internal sealed record FittedRow(Observation Row, double Unseen, double Seen)
{
    /// <summary>Seconds from a fit without the row's model on any GPU; null until <c>-- ranges</c> has found it.</summary>
    public double? WithoutModel { get; init; }

    /// <summary>Seconds from a fit without the row's GPU; null until then.</summary>
    public double? WithoutGpu { get; init; }

    /// <summary>Seconds from a fit without the row's source; null until then, and where the engine has no other.</summary>
    public double? WithoutSource { get; init; }
}
