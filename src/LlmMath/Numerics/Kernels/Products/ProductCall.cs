namespace LlmMath.Numerics.Kernels;

/// <summary>A product to run: a packed matrix, prepared activations, results.</summary>
internal unsafe struct ProductCall
{
    /// <summary>The first tile of the first 16 rows; 64-byte aligned.</summary>
    public byte* Weights;

    /// <summary>How far ahead weights are asked for, in bytes; 0 for not at all.</summary>
    public nint Ahead;

    /// <summary>Prepared activations, one column vector after another.</summary>
    public byte* X;

    /// <summary>Bytes from one column vector to the next.</summary>
    public nint XStride;

    /// <summary>Two factors for each column vector.</summary>
    public float* Factors;

    /// <summary>Results, one column vector after another.</summary>
    public float* Y;

    /// <summary>Rows of the matrix: results of a column vector.</summary>
    public int Rows;

    /// <summary>Tiles side by side in 16 rows.</summary>
    public int Tiles;

    /// <summary>Column vectors, 1 to <see cref="RowGroups.MostVectors"/>.</summary>
    public int Vectors;
}
