using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Formats;

/// <summary>A format of 256 values in 16 groups of 16 with a whole number as scale each: x ≈ d·s·(q − offset).</summary>
internal interface ISymmetricBlock : IBlockFormat
{
    /// <summary>The code of 0: codes reach from 0 to twice it less one.</summary>
    static abstract int CodeOffset { get; }

    /// <summary>The least s; the greatest is −1 less it.</summary>
    static abstract int LeastScale { get; }

    /// <summary>Where no group's scale reaches this magnitude there is none.</summary>
    static abstract float LeastMagnitude { get; }

    /// <summary>s of every group where there is none.</summary>
    static abstract sbyte ScaleOfNone { get; }

    /// <summary>The scalar definition: the scale of a group, and the codes it was found with.</summary>
    static abstract float Fit(ReadOnlySpan<float> x, Span<byte> codes);

    /// <summary>The vector form: the scales of the sixteen groups of two blocks, element i of each group in vector i.</summary>
    static abstract (Vector512<float> Of, Vector512<float> OfNext) Fit(
        ReadOnlySpan<Vector512<float>> block, ReadOnlySpan<Vector512<float>> next);

    /// <summary>Writes a block, <paramref name="d"/> as fp16.</summary>
    static abstract void Pack(ReadOnlySpan<sbyte> scales, ReadOnlySpan<byte> codes, ushort d, Span<byte> block);
}
