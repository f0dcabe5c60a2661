namespace LlmMath.Numerics.Kernels;

/// <summary>
/// How a block format lies in a tile: a header of scales, then parts of 32 columns, each some lines of codes. A line holds 4
/// bytes of each of 16 rows. A weight is scale · (code − <see cref="Offset"/>) + minimum; a part has one scale, or one for each
/// 16 of its columns.
/// </summary>
internal unsafe interface IBlockCodes
{
    /// <summary>Parts of 32 columns in a tile.</summary>
    static abstract int Parts { get; }

    /// <summary>Lines before the first part.</summary>
    static abstract int HeaderLines { get; }

    /// <summary>Lines of a part's codes.</summary>
    static abstract int PartLines { get; }

    /// <summary>Scales of a part: 1, or 2.</summary>
    static abstract int Groups { get; }

    /// <summary>Subtracted from a byte that <see cref="Codes"/> gives to get the signed code.</summary>
    static abstract int Offset { get; }

    /// <summary>The greatest magnitude of a code less the offset. Above 32, the bytes are signed and the offset is 0.</summary>
    static abstract int Reach { get; }

    /// <summary>Whether each scale has a minimum.</summary>
    static abstract bool HasMinima { get; }

    /// <summary>Writes a tile's scales, worth 2⁻¹¹² of their value, part by part: <see cref="Groups"/> scales, then as many
    /// minima.</summary>
    /// <param name="tile">The vector's rows of the tile.</param>
    /// <param name="scales">Where they go, 16 floats apart.</param>
    static abstract void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct;

    /// <summary>The codes of columns 4i to 4i + 3 of a part, a byte each.</summary>
    /// <param name="part">The vector's rows of the part's first line.</param>
    /// <param name="i">0 to 7.</param>
    static abstract TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct;
}
