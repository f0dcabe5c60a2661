namespace LlmMath.Numerics.Kernels;

/// <summary>
/// Writes one row's part of a tile, given as the format stores it, into the row's lane: 4 bytes in each line of 64. A part that
/// ends early leaves the rest of the lane as it is (zeros).
/// </summary>
/// <param name="part">The stored bytes of the tile's columns.</param>
/// <param name="lane">The tile, from the row's first 4 bytes on.</param>
/// <returns>The number of the part's first block that cannot be packed, or −1.</returns>
internal delegate int TilePacker(ReadOnlySpan<byte> part, Span<byte> lane);

/// <summary>How formats are packed.</summary>
internal static class TilePackers
{
    /// <summary>Elements as they stand, 4 bytes a line.</summary>
    public static int Elements(ReadOnlySpan<byte> part, Span<byte> lane)
    {
        CodePacker.Spread(part, lane);
        return -1;
    }
}
