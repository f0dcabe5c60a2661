using System.Runtime.InteropServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Writes stored rows into the tiles of a packed matrix: groups of 16 rows, in each the tiles side by side.</summary>
internal sealed unsafe class PackedRows(MatrixFormat format, int rows, int columns)
{
    private readonly int _tileBytes = TileLines(format) * RowGroups.LineBytes;

    /// <summary>Tiles side by side.</summary>
    public int Tiles { get; } = (int)Math.Max(1, ((long)columns + format.TileElements - 1) / format.TileElements);

    /// <summary>Groups of 16 rows.</summary>
    public int Groups { get; } = (int)(((long)rows + RowGroups.Rows - 1) / RowGroups.Rows);

    /// <summary>Bytes of the packed matrix: those of the stored one, rows filled up to 16 and columns to whole tiles.</summary>
    public long Bytes => checked((long)Groups * Tiles * _tileBytes);

    /// <summary>Bytes of a stored row.</summary>
    public int RowBytes { get; } =
        checked((int)((((long)columns + format.BlockElements - 1) / format.BlockElements) * format.BlockBytes));

    /// <summary>Packs a row.</summary>
    /// <param name="memory">The packed matrix, cleared.</param>
    /// <param name="row">The row.</param>
    /// <param name="stored">Its <see cref="RowBytes"/>.</param>
    /// <returns>The number of the row's first block that cannot be packed, or −1.</returns>
    public int Pack(AlignedMemory memory, int row, ReadOnlySpan<byte> stored)
    {
        int partBytes = format.TileElements / format.BlockElements * format.BlockBytes;
        long at = ((long)(row / RowGroups.Rows) * Tiles * _tileBytes) + (row % RowGroups.Rows * 4);
        for (int tile = 0; tile * (long)partBytes < stored.Length; tile++, at += _tileBytes)
        {
            ReadOnlySpan<byte> part = stored[(tile * partBytes)..];
            int lane = row % RowGroups.Rows * 4;
            int bad = format.Pack(
                part[..Math.Min(partBytes, part.Length)], new Span<byte>(memory.Address + at, _tileBytes - lane));
            if (bad >= 0)
            {
                return (tile * (format.TileElements / format.BlockElements)) + bad;
            }
        }

        return -1;
    }

    /// <summary>Clears the matrix, so that rows and columns that do not exist weigh nothing.</summary>
    public static void Clear(AlignedMemory memory) => NativeMemory.Clear(memory.Address, (nuint)memory.Bytes);

    private static int TileLines(MatrixFormat format) =>
        format.Kernel(ActivationFormat.Fp32, KernelPath.Portable, hasSpecials: false)!.TileLines;
}
