using System.Buffers.Binary;

namespace LlmMath;

/// <summary>
/// 16-bit floats, IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits, little-endian. Rounds to nearest, ties to even;
/// beyond 65,504 (from 65,520 on) it is infinite; −0, subnormals and NaN are kept, a NaN quiet.
/// Source: IEEE 754-2019, clauses 3.4 and 5.4.2.
/// </summary>
public readonly struct Fp16 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "fp16";

    /// <inheritdoc/>
    public static int BlockElements => 1;

    /// <inheritdoc/>
    public static int BlockBytes => 2;

    /// <summary>The bits of the nearest fp16.</summary>
    /// <param name="value">Any float.</param>
    public static ushort FromSingle(float value) => BitConverter.HalfToUInt16Bits((Half)value);

    /// <summary>The value of fp16 bits, exactly.</summary>
    /// <param name="bits">Any 16 bits.</param>
    public static float ToSingle(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    /// <summary>Whether fp16 bits are neither NaN nor infinite.</summary>
    /// <param name="bits">Any 16 bits.</param>
    public static bool IsFinite(ushort bits) => (bits & 0x7C00) != 0x7C00;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(block, FromSingle(values[0]));
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        values[0] = ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(block));
        return true;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Fp16>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Fp16>(blocks, values);
}
