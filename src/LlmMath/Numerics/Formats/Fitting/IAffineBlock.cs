namespace LlmMath.Numerics.Formats;

/// <summary>A format of 256 values in groups with a whole number as scale and one as minimum each: x ≈ d·s·q − dmin·m.</summary>
internal interface IAffineBlock : IBlockFormat
{
    /// <summary>Groups of a block: 8 or 16.</summary>
    static abstract int Groups { get; }

    /// <summary>How scale and minimum are found.</summary>
    static abstract AffineSearch Search { get; }

    /// <summary>Writes a block, except d and dmin.</summary>
    static abstract void Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> mins, ReadOnlySpan<byte> codes, Span<byte> block);

    /// <summary>Where d and dmin stand.</summary>
    static abstract int ScalesAt { get; }
}
