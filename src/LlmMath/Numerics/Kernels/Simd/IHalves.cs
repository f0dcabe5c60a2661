namespace LlmMath.Numerics.Kernels;

/// <summary>Two 16-bit floats in each lane, as floats.</summary>
internal interface IHalves
{
    /// <summary>Whether a power of two is left out of the floats, so that activations and results are scaled by it.</summary>
    static abstract bool AreScaled { get; }

    /// <summary>The lower one.</summary>
    static abstract TFloat Low<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct;

    /// <summary>The upper one.</summary>
    static abstract TFloat High<TSimd, TInt, TFloat>(TInt halves)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct;
}
