namespace LlmMath.Numerics.Kernels;

/// <summary>
/// Σ over columns of weight · activation, for the rows of one vector, over tiles of a packed matrix. A tile is a run of lines of
/// 64 bytes; a line holds 4 bytes of each of 16 rows. <c>weights</c> points at the first of the vector's rows in the first tile's
/// first line.
/// </summary>
internal unsafe interface IProduct<TSimd, TInt, TFloat>
    where TSimd : struct, ISimd<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    /// <summary>Lines of a tile.</summary>
    static abstract int TileLines { get; }

    /// <summary>Bytes of one column vector's prepared activations that a tile takes.</summary>
    static abstract int ActivationBytes { get; }

    /// <summary>Whether activations are read as they are given, where they fill whole tiles.</summary>
    static abstract bool TakesFloats { get; }

    /// <summary>Writes the activations as <see cref="One"/> reads them.</summary>
    static abstract void Prepare(in ActivationCall call);

    /// <summary>Adds the products with one column of activations; weights are asked for <paramref name="ahead"/> bytes ahead,
    /// where it is not 0.</summary>
    static abstract TFloat One(byte* weights, byte* x, nint tiles, nint ahead, TFloat sum);

    /// <summary>Adds the products with four columns of activations, <paramref name="stride"/> bytes apart, to sums 16 floats
    /// apart.</summary>
    static abstract void Four(byte* weights, byte* x, nint stride, nint tiles, nint ahead, float* sums);
}
