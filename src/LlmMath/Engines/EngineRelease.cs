namespace LlmMath.Engines;

/// <summary>A release of an engine: how what it reaches differs from the newest, fitted to its own rows and drawn towards the
/// engine's.</summary>
public sealed record EngineRelease
{
    /// <summary>Its version; the month of the measurement where the source names none: <c>2025-11</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Rows it was fitted on.</summary>
    public int Rows { get; init; }

    /// <summary>What the rows are, in words.</summary>
    public required string FittedOn { get; init; }

    /// <summary>Its constants ÷ those of the profile's generations, in the order of <see cref="EngineConstant.All"/>.</summary>
    public required ValueList<double> Factors { get; init; }

    /// <summary>The version.</summary>
    public override string ToString() => Version;
}
