using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// 8-bit floats E5M2: 1 sign, 5 exponent (bias 15) and 2 fraction bits, the upper half of fp16. The largest number is 57,344, the
/// least normal 2⁻¹⁴, the least subnormal 2⁻¹⁶; 0x7C is infinity, 0x7D to 0x7F are NaN, and both decode as such. Encoding rounds
/// to nearest, ties to even, and saturates: what lies beyond 57,344, infinities too, becomes ±57,344. −0 is kept; any NaN becomes
/// 0x7E with its sign.
/// Casts elsewhere need not saturate: in ml_dtypes what rounds beyond 57,344 is infinite.
/// Sources: OCP 8-bit Floating Point Specification (OFP8), revision 1.0, sections 5.2 and 5.3 (saturating mode);
/// jax-ml/ml_dtypes, ml_dtypes/include/float8.h, commit b793a6e2864c.
/// </summary>
public readonly struct Fp8E5M2 : IBlockFormat, IVectorForm
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) =>
        VectorForm.Encode<Fp8E5M2>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) =>
        VectorForm.Decode<Fp8E5M2>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        ElementLanes.Encode<Fp8E5M2, OfLanes, TLanes>(values, blocks);

    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values) =>
        ElementLanes.Decode<Fp8E5M2, OfLanes, TLanes>(blocks, values);

    /// <summary>Sixteen elements.</summary>
    private readonly struct OfLanes : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values)
        {
            Vector512<uint> code = SmallFloat.Encode(Vector512.Abs(values), FractionBits, Bias, Largest);
            Vector512<uint> sign = (values.AsUInt32() >> 24) & Vector512.Create(0x80u);
            Vector512<uint> isNumber = Vector512.Equals(values, values).AsUInt32();
            return sign | Vector512.ConditionalSelect(isNumber, code, Vector512.Create((uint)NaN));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool ArePlain(ref byte codes)
        {
            // Without the sign, from which 0 wraps around, numbers lie between the subnormals and the infinities.
            Vector512<byte> doubled = Vector512.LoadUnsafe(ref codes);
            doubled += doubled;
            return Vector512.LessThanOrEqualAll(doubled, Vector512.Create((byte)(2 * Largest)))
                && Vector512.GreaterThanOrEqualAll(
                    doubled - Vector512<byte>.One, Vector512.Create((byte)((2 << FractionBits) - 1)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> DecodePlain<TLanes>(Vector512<int> codes)
            where TLanes : struct, ILanes => Fp16.PlainToSingle(codes << 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<int> codes) => Fp16.ToSingle(codes << 8);
    }
}
