using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>How the elements of one tensor lie in memory: blocks along a row with their scales, and what stands beside them for
/// each row, column, tile or matrix.</summary>
public sealed record TensorEncoding
{
    /// <summary>Makes an encoding of blocks.</summary>
    /// <param name="name">Its usual name: <c>Q4_K</c>.</param>
    /// <param name="blockElements">Elements in a block, 1 or more; a row is padded to whole blocks.</param>
    /// <param name="blockBits">Bits of a block, scales and zero point included, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public TensorEncoding(string name, int blockElements, int blockBits) => (Name, BlockElements, BlockBits) =
        (name, Positive(blockElements, nameof(blockElements)), Positive(blockBits, nameof(blockBits)));

    /// <summary>Its usual name.</summary>
    public string Name { get; }

    /// <summary>Elements in a block.</summary>
    public int BlockElements { get; }

    /// <summary>Bits of a block, scales included.</summary>
    public int BlockBits { get; }

    /// <summary>Bytes beside each output of a matrix: a scale of the row.</summary>
    public int OutputBytes { get; init; }

    /// <summary>Bytes beside each input of a matrix: GPTQ's group index.</summary>
    public int InputBytes { get; init; }

    /// <summary>Bytes beside each matrix.</summary>
    public int MatrixBytes { get; init; }

    /// <summary>Side of the square tiles that have a scale each; 0 where there are none.</summary>
    public int TileSide { get; init; }

    /// <summary>Bytes of a tile's scale: 4, a float32, unless stated.</summary>
    public int TileScaleBytes { get; init; } = 4;

    /// <summary>Whether blocks run over a whole matrix as one row, as in bitsandbytes.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Bits that a large matrix's element takes, what stands beside blocks left out.</summary>
    public double BitsPerElement => (double)BlockBits / BlockElements;

    /// <summary>Bytes of a row: whole blocks, rounded up to a byte.</summary>
    /// <param name="elements">Elements of the row, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public long RowBytes(long elements)
    {
        try
        {
            return RowSize(elements);
        }
        catch (OverflowException)
        {
            throw new ArgumentOutOfRangeException(nameof(elements), elements, $"A row in {Name} would exceed 2^63 - 1 bytes.");
        }
    }

    /// <summary>Bytes of a tensor in one layer, over all experts.</summary>
    /// <param name="tensor">The tensor's matrices.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public long Bytes(MatrixDimensions tensor)
    {
        try
        {
            return SizeOf(tensor);
        }
        catch (OverflowException)
        {
            throw new ArgumentOutOfRangeException(nameof(tensor), tensor, $"It would exceed 2^63 - 1 bytes in {Name}.");
        }
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TensorEncoding), PrintMembers);

    /// <summary>Bytes of a row, for whoever says himself what is too large.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    internal long RowSize(long elements) => BlockBytes(Ceiling(elements, BlockElements));

    /// <summary>Bytes of a tensor, for whoever says himself what is too large.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    internal long SizeOf(MatrixDimensions tensor)
    {
        (long matrices, long outputs, long inputs) = tensor;
        checked
        {
            long tiles = TileSide == 0 ? 0 : TileScaleBytes * Ceiling(outputs, TileSide) * Ceiling(inputs, TileSide);
            long blocks = IsFlat ? RowSize(outputs * inputs) : BlockElements == 1
                ? RowSize(outputs * inputs)
                : BlockBytes(outputs * Ceiling(inputs, BlockElements));
            return matrices * (blocks + tiles + (outputs * OutputBytes) + (inputs * InputBytes) + MatrixBytes);
        }
    }

    /// <summary>Whether a tensor's rows are whole blocks.</summary>
    internal bool Divides(MatrixDimensions tensor) => tensor.Inputs % BlockElements == 0;

    private static int Positive(int value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "1 or more is right.");

    // ⌈blocks × bits ÷ 8⌉ in eights of blocks, so that nothing exceeds 2⁶³ − 1 before the bytes do.
    private long BlockBytes(long blocks) => checked((blocks / 8 * BlockBits) + (((blocks % 8 * BlockBits) + 7) / 8));

    private static long Ceiling(long elements, int block) => block == 1 ? elements : checked(elements + block - 1) / block;
}
