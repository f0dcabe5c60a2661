namespace LlmMath.Numerics;

/// <summary>The instruction set that a product is compiled for.</summary>
public enum KernelPath
{
    /// <summary><see cref="System.Numerics.Vector{T}"/>, whatever its width: the reference, on every processor.</summary>
    Portable,

    /// <summary>AVX2 and FMA.</summary>
    Vector256,

    /// <summary>AVX-512 F and BW.</summary>
    Vector512,

    /// <summary>AVX-VNNI beside AVX2 and FMA: sums products of bytes, of weights in blocks and Q8 activations, in one
    /// instruction. From .NET 10 on.</summary>
    Vnni,
}
