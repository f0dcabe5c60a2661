using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// 8-bit floats E5M2: 1 sign, 5 exponent (bias 15) and 2 fraction bits, the upper half of fp16. The largest number is 57,344, the least normal
/// 2⁻¹⁴, the least subnormal 2⁻¹⁶; 0x7C is infinity, 0x7D to 0x7F are NaN, and both decode as such. Encoding rounds to nearest, ties to even,
/// and saturates: what lies beyond 57,344, infinities too, becomes ±57,344. −0 is kept; any NaN becomes 0x7E with its sign.
/// Source: OCP 8-bit Floating Point Specification (OFP8), revision 1.0, sections 5.2 and 5.3 (saturating mode).
/// </summary>
public readonly struct Fp8E5M2 : IBlockFormat
{
    private const int FractionBits = 2, Bias = 15, Largest = 0x7B, NaN = 0x7E;

    /// <inheritdoc/>
    public static string Name => "e5m2";

    /// <inheritdoc/>
    public static int BlockElements => 1;

    /// <inheritdoc/>
    public static int BlockBytes => 1;

    /// <summary>The bits of the nearest number.</summary>
    /// <param name="value">Any float.</param>
    public static byte FromSingle(float value)
    {
        int sign = float.IsNegative(value) ? 0x80 : 0;
        return (byte)(sign | (float.IsNaN(value) ? NaN : SmallFloat.Encode(MathF.Abs(value), FractionBits, Bias, Largest)));
    }

    /// <summary>The value of a code, exactly.</summary>
    /// <param name="code">Any 8 bits.</param>
    public static float ToSingle(byte code) => Fp16.ToSingle((ushort)(code << 8));

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        block[0] = FromSingle(values[0]);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        values[0] = ToSingle(block[0]);
        return true;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ElementLanes.Encode<Fp8E5M2, VectorForm>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ElementLanes.Decode<Fp8E5M2, VectorForm>(blocks, values);

    /// <summary>The vector form.</summary>
    private readonly struct VectorForm : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values)
        {
            Vector512<float> magnitude = Vector512.Abs(values);
            Vector512<uint> sign = (values.AsUInt32() >> 24) & Vector512.Create(0x80u), code = SmallFloat.Encode(magnitude, FractionBits, Bias, Largest);
            return sign | (code + (Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(0x7F80_0000)).AsUInt32() & Vector512.Create((uint)(NaN - Largest))));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<uint> codes) => Fp16.ToSingle(codes << 8);
    }
}
