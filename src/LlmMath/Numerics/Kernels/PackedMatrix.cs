using System.Globalization;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Numerics;

/// <summary>
/// A matrix of weights, packed once for products with vectors: rows stand side by side in vectors, 16 of them, so that a product
/// is one stream from memory without sums across lanes. Its bytes are native, aligned to 64 and freed by <see cref="Dispose"/>.
/// </summary>
/// <remarks>Products may run on many threads at once. Disposing while a product runs is safe: the memory goes when it has
/// ended.</remarks>
public sealed partial class PackedMatrix : IDisposable
{
    // So that a row, and the longest vector as any kernel takes it, is one array.
    private const int MostColumns = 1 << 28;
    private readonly AlignedMemory _memory;
    private readonly PackedRows _layout;
    private bool _hasSpecials;

    private PackedMatrix(MatrixFormat format, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, MostColumns);
        (Format, Rows, Columns) = (format, rows, columns);
        _layout = new PackedRows(format, rows, columns);
        _memory = new AlignedMemory(_layout.Bytes);
        PackedRows.Clear(_memory);
    }

    /// <summary>The format of the weights.</summary>
    public MatrixFormat Format { get; }

    /// <summary>Rows: the length of a product.</summary>
    public int Rows { get; }

    /// <summary>Columns: the length of a vector.</summary>
    public int Columns { get; }

    /// <summary>Bytes the packed weights take: those of the stored ones, rows filled up to a multiple of 16 and columns to whole
    /// tiles.</summary>
    public ByteSize Size => new(_layout.Bytes);

    /// <summary>Packs weights, rounding them to the format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="weights">rows × columns values, row by row.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="columns">Columns, 1 or more; a last block that they do not fill is filled with zeros.</param>
    /// <exception cref="ArgumentException"><paramref name="weights"/> has another length, or holds what the format cannot (those
    /// in blocks: NaN, infinity, a scale beyond fp16).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is below
    /// 1, or <paramref name="columns"/> above 2²⁸.</exception>
    public static PackedMatrix Pack(MatrixFormat format, ReadOnlySpan<float> weights, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(format);
        RequireLength(weights.Length, (long)rows * columns, "values", rows, columns, nameof(weights));
        return Packed(new PackedMatrix(format, rows, columns), weights);
    }

    /// <summary>Packs weights as a file stores them: a GGUF tensor's bytes, or a safetensors tensor's of fp32, fp16 or
    /// bf16.</summary>
    /// <param name="format">The format.</param>
    /// <param name="blocks">The blocks, row by row.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="columns">Columns: a multiple of the format's block, 1 block or more.</param>
    /// <exception cref="ArgumentException"><paramref name="blocks"/> has another length, or a scale in it is infinite or
    /// NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is below 1, or
    /// <paramref name="columns"/> no multiple of the block or above 2²⁸.</exception>
    public static PackedMatrix FromBlocks(MatrixFormat format, ReadOnlySpan<byte> blocks, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(format);
        RequireWholeBlocks(format, columns);
        // In 128 bits: the largest rows and columns together exceed 64.
        Int128 bytes = (Int128)rows * (columns / format.BlockElements) * format.BlockBytes;
        RequireLength(blocks.Length, (long)Int128.Clamp(bytes, -1, long.MaxValue), "bytes of " + format.Name, rows, columns,
            nameof(blocks));
        var matrix = new PackedMatrix(format, rows, columns);
        try
        {
            int rowBytes = matrix._layout.RowBytes;
            for (int row = 0; row < rows; row++)
            {
                matrix.PackRow(row, blocks.Slice(row * rowBytes, rowBytes), nameof(blocks));
            }
        }
        catch
        {
            matrix.Dispose();
            throw;
        }

        return matrix;
    }

    /// <summary>Packs weights row by row, for matrices larger than one span.</summary>
    /// <param name="format">The format.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="columns">Columns: a multiple of the format's block.</param>
    /// <param name="read">Called once a row, in order: writes the row's blocks as the format stores them.</param>
    /// <exception cref="ArgumentException">A scale that <paramref name="read"/> wrote is infinite or NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is below 1, or
    /// <paramref name="columns"/> no multiple of the block or above 2²⁸.</exception>
    public static PackedMatrix FromRows(MatrixFormat format, int rows, int columns, RowReader read)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(read);
        RequireWholeBlocks(format, columns);
        var matrix = new PackedMatrix(format, rows, columns);
        try
        {
            byte[] stored = new byte[matrix._layout.RowBytes];
            for (int row = 0; row < rows; row++)
            {
                read(row, stored);
                matrix.PackRow(row, stored, nameof(read));
            }
        }
        catch
        {
            matrix.Dispose();
            throw;
        }

        return matrix;
    }

    /// <summary>Frees the weights, at once or when the products that run have ended. Products after it throw.</summary>
    public void Dispose() => _memory.Dispose();

    private static PackedMatrix Packed(PackedMatrix matrix, ReadOnlySpan<float> weights)
    {
        (MatrixFormat format, int columns) = (matrix.Format, matrix.Columns);
        int blocks = matrix._layout.RowBytes / format.BlockBytes;
        float[] values = new float[checked(blocks * format.BlockElements)];
        byte[] stored = new byte[matrix._layout.RowBytes];
        try
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                weights.Slice(row * columns, columns).CopyTo(values);
                int encoded = format.Encode(values, stored);
                if (encoded != blocks)
                {
                    throw new ArgumentException(
                        $"Row {row}, column {encoded * format.BlockElements} and on: {format.Name} cannot hold these "
                        + "values; they must be finite, and their scale within fp16.", nameof(weights));
                }

                matrix.PackRow(row, stored, nameof(weights));
            }
        }
        catch
        {
            matrix.Dispose();
            throw;
        }

        return matrix;
    }

    private static void RequireWholeBlocks(MatrixFormat format, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (columns % format.BlockElements != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(columns), columns, $"{format.Name} is stored in blocks of {format.BlockElements} columns.");
        }
    }

    private static void RequireLength(int length, long expected, string what, int rows, int columns, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (length != expected)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{rows:N0} rows of {columns:N0} columns are {expected:N0} {what}, not {length:N0}."), name);
        }
    }

    private void PackRow(int row, ReadOnlySpan<byte> stored, string name)
    {
        int bad = _layout.Pack(_memory, row, stored);
        if (bad >= 0)
        {
            throw new ArgumentException($"Row {row}, block {bad}: the scale is infinite or NaN.", name);
        }

        _hasSpecials |= Format == MatrixFormat.Fp16 && HasSpecials(stored);
    }

    /// <summary>Whether a half is infinite or NaN.</summary>
    private static bool HasSpecials(ReadOnlySpan<byte> halves)
    {
        foreach (ushort bits in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(halves))
        {
            if (!Fp16.IsFinite(bits))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Writes a row's blocks.</summary>
/// <param name="row">The row, from 0.</param>
/// <param name="blocks">Where its blocks go.</param>
public delegate void RowReader(int row, Span<byte> blocks);
