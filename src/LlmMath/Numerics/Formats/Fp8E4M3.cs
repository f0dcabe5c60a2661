using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// 8-bit floats E4M3 (fn): 1 sign, 4 exponent (bias 7) and 3 fraction bits. No infinities; 0x7F and 0xFF are NaN, so that the
/// largest number is 448; the least normal is 2⁻⁶, the least subnormal 2⁻⁹. Rounds to nearest, ties to even, and saturates: what
/// lies beyond 448, infinities too, becomes ±448. −0 is kept; any NaN becomes 0x7F with its sign.
/// Casts elsewhere need not saturate: in ml_dtypes what rounds beyond 448 is NaN.
/// Sources: OCP 8-bit Floating Point Specification (OFP8), revision 1.0, sections 5.2 and 5.3 (saturating mode);
/// jax-ml/ml_dtypes, ml_dtypes/include/float8.h, commit b793a6e2864c.
/// </summary>
public readonly struct Fp8E4M3 : IBlockFormat, IVectorForm
{
    private const int FractionBits = 3, Bias = 7, Largest = 0x7E, NaN = 0x7F;

    /// <inheritdoc/>
    public static string Name => "e4m3";

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
    public static float ToSingle(byte code)
    {
        uint magnitude = BitConverter.SingleToUInt32Bits(SmallFloat.Decode(code & 0x7F, FractionBits, Bias));
        uint nan = (code & 0x7F) == NaN ? 0x7FC0_0000u : 0, sign = (code & 0x80u) << 24;
        return BitConverter.UInt32BitsToSingle(magnitude | nan | sign);
    }

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
        VectorForm.Encode<Fp8E4M3>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) =>
        VectorForm.Decode<Fp8E4M3>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        ElementLanes.Encode<Fp8E4M3, OfLanes, TLanes>(values, blocks);

    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values) =>
        ElementLanes.Decode<Fp8E4M3, OfLanes, TLanes>(blocks, values);

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
            var nan = Vector512.Create((byte)NaN);
            return !Vector512.EqualsAny(Vector512.LoadUnsafe(ref codes) & nan, nan);
        }

        // By exponent a base and a step: base + fraction · step, exactly.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> DecodePlain<TLanes>(Vector512<int> codes)
            where TLanes : struct, ILanes
        {
            var bases = Vector512.Create(0, 1 / 64f, 1 / 32f, 1 / 16f, 1 / 8f, 1 / 4f, 1 / 2f, 1, 2, 4, 8, 16, 32, 64, 128, 256);
            var steps = Vector512.Create(
                1 / 512f, 1 / 512f, 1 / 256f, 1 / 128f, 1 / 64f, 1 / 32f, 1 / 16f, 1 / 8f, 1 / 4f, 1 / 2f, 1, 2, 4, 8, 16, 32);
            var fractions = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
            Vector512<uint> exponent = codes.AsUInt32() >> FractionBits;
            Vector512<float> magnitude = TLanes.LookUp(bases, exponent)
                + (TLanes.LookUp(steps, exponent) * TLanes.LookUp(fractions, codes.AsUInt32()));
            return (magnitude.AsInt32() | (codes & Vector512.Create(int.MinValue))).AsSingle();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<int> codes)
        {
            Vector512<uint> magnitude = codes.AsUInt32() & Vector512.Create(0x7Fu);
            Vector512<uint> nan = Vector512.Equals(magnitude, Vector512.Create((uint)NaN)) & Vector512.Create(0x7FC0_0000u);
            return (SmallFloat.DecodeBySelection(magnitude, FractionBits, Bias).AsUInt32() | nan
                | (codes.AsUInt32() & Vector512.Create(0x8000_0000u))).AsSingle();
        }
    }
}
