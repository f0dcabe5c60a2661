using System.Buffers.Binary;

namespace LlmMath.Kernels;

/// <summary>
/// Writes one row's part of a tile, given as the format stores it, into the row's lane: 4 bytes in each line of 64. A part that ends early
/// leaves the rest of the lane as it is (zeros).
/// </summary>
/// <param name="part">The stored bytes of the tile's columns.</param>
/// <param name="lane">The tile, from the row's first 4 bytes on.</param>
/// <returns>The number of the part's first block that cannot be packed, or −1.</returns>
internal delegate int TilePacker(ReadOnlySpan<byte> part, Span<byte> lane);

/// <summary>How formats are packed.</summary>
internal static class TilePackers
{
    private const int ScaleBytes = 2, LaneBytes = 4;

    /// <summary>Elements as they stand, 4 bytes a line.</summary>
    public static int Elements(ReadOnlySpan<byte> part, Span<byte> lane)
    {
        Spread(part, lane);
        return -1;
    }

    /// <summary>Two blocks of q8_0 or q4_0: a line of scales, then the codes of the first and of the second. The scale must be finite.</summary>
    public static int ScaledPair(ReadOnlySpan<byte> part, Span<byte> lane, int blockBytes)
    {
        int lines = (blockBytes - ScaleBytes) / LaneBytes;
        for (int block = 0; block * blockBytes < part.Length; block++)
        {
            ReadOnlySpan<byte> stored = part.Slice(block * blockBytes, blockBytes);
            if (!Fp16.IsFinite(BinaryPrimitives.ReadUInt16LittleEndian(stored)))
            {
                return block;
            }

            stored[..ScaleBytes].CopyTo(lane[(block * ScaleBytes)..]);
            Spread(stored[ScaleBytes..], lane[((1 + (block * lines)) * RowGroups.LineBytes)..]);
        }

        return -1;
    }

    /// <summary>4 bytes to each line.</summary>
    private static void Spread(ReadOnlySpan<byte> bytes, Span<byte> lane)
    {
        for (int i = 0; i < bytes.Length; i += LaneBytes)
        {
            bytes.Slice(i, Math.Min(LaneBytes, bytes.Length - i)).CopyTo(lane[(i / LaneBytes * RowGroups.LineBytes)..]);
        }
    }
}
