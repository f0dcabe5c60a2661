namespace LlmMath;

/// <summary>
/// 4-bit floats E2M1: 1 sign, 2 exponent (bias 1) and 1 fraction bit: 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives, no scale. Two in a byte, the
/// first in the low half. Rounds to nearest, ties to even, and saturates: beyond 6, infinities too, is ±6. −0 is kept. NaN cannot be held.
/// Source: OCP Microscaling Formats (MX) Specification, version 1.0, section 5.3.3.
/// </summary>
public readonly struct Fp4E2M1 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "fp4";

    /// <inheritdoc/>
    public static int BlockElements => 2;

    /// <inheritdoc/>
    public static int BlockBytes => 1;

    /// <summary>The code of the nearest number; of a NaN, that of 6 with its sign.</summary>
    /// <param name="value">Any float.</param>
    public static byte FromSingle(float value) =>
        (byte)((float.IsNegative(value) ? 8 : 0) | (float.IsNaN(value) ? 7 : SmallFloat.Encode(MathF.Abs(value), fractionBits: 1, bias: 1, largest: 7)));

    /// <summary>The value of a code, exactly.</summary>
    /// <param name="code">Four bits; higher ones are ignored.</param>
    public static float ToSingle(byte code)
    {
        float magnitude = SmallFloat.Decode(code & 7, fractionBits: 1, bias: 1);
        return (code & 8) == 0 ? magnitude : -magnitude;
    }

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        block[0] = (byte)(FromSingle(values[0]) | (FromSingle(values[1]) << 4));
        return !float.IsNaN(values[0]) && !float.IsNaN(values[1]);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        values[0] = ToSingle(block[0]);
        values[1] = ToSingle((byte)(block[0] >> 4));
        return true;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Fp4E2M1>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Fp4E2M1>(blocks, values);
}
