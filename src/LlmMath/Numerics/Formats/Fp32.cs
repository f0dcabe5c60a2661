using System.Runtime.InteropServices;

namespace LlmMath;

/// <summary>32-bit floats, IEEE 754 binary32, in the machine's byte order: kept bit for bit, NaN payloads too.</summary>
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
