namespace LlmMath.Calibration;

/// <summary>A row, the time from a fit that has not seen its group, and that from the fit of all rows.</summary>
internal sealed record FittedRow(Observation Row, double Unseen, double Seen);
