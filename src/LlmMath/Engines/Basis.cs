namespace LlmMath;

/// <summary>What an estimate rests on, the best first.</summary>
public enum Basis
{
    /// <summary>The engine was measured on this GPU, with a model whose layers are of the same kinds and whose weights are stored
    /// alike.</summary>
    Measured,

    /// <summary>No such row is there, but each kernel that the model needs was timed by itself on this GPU, and the engine was
    /// measured on its generation.</summary>
    KernelsMeasured,

    /// <summary>The engine was measured on this generation of hardware, with such layers, and with such weights: each by itself,
    /// not together.</summary>
    Interpolated,

    /// <summary>The engine was never measured with such hardware, such layers or such weights: the nearest stand in for
    /// them.</summary>
    Extrapolated,

    /// <summary>Nothing was measured: the bound of the hardware.</summary>
    Bound,
}
