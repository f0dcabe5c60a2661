namespace LlmMath;

/// <summary>What an estimate rests on.</summary>
public enum Basis
{
    /// <summary>The engine was measured on this GPU.</summary>
    Measured,

    /// <summary>The engine was measured on this generation, not on this GPU.</summary>
    Interpolated,

    /// <summary>The engine was not measured on this generation: the nearest stands in for it.</summary>
    Extrapolated,

    /// <summary>Nothing was measured: the bound of the hardware.</summary>
    Bound,
}
