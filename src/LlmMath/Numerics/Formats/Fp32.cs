using System.Runtime.InteropServices;

namespace LlmMath.Numerics;

/// <summary>
/// 32-bit floats, IEEE 754 binary32: 1 sign, 8 exponent (bias 127) and 23 fraction bits, in the machine's byte order. No scale,
/// nothing is rounded: −0, subnormals, infinities and NaN payloads are kept bit for bit.
/// Source: IEEE 754-2019, clause 3.4.
/// </summary>
public readonly struct Fp32 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "fp32";

    /// <inheritdoc/>
    public static int BlockElements => 1;

    /// <inheritdoc/>
    public static int BlockBytes => 4;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        MemoryMarshal.Write(block, in values[0]);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        values[0] = MemoryMarshal.Read<float>(block);
        return true;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        MemoryMarshal.AsBytes(values).CopyTo(blocks);
        return values.Length;
    }

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = blocks.Length / sizeof(float);
        blocks[..(count * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(values));
        return count;
    }
}
