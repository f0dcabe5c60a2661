using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// 8-bit floats E4M3 (fn): 1 sign, 4 exponent (bias 7) and 3 fraction bits. No infinities; 0x7F and 0xFF are NaN, so that the largest number is
/// 448; the least normal is 2⁻⁶, the least subnormal 2⁻⁹. Rounds to nearest, ties to even, and saturates: what lies beyond 448, infinities
/// too, becomes ±448. −0 is kept; any NaN becomes 0x7F with its sign.
/// Source: OCP 8-bit Floating Point Specification (OFP8), revision 1.0, sections 5.2 and 5.3 (saturating mode).
/// </summary>
public readonly struct Fp8E4M3 : IBlockFormat
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
        float magnitude = (code & 0x7F) == NaN ? float.NaN : SmallFloat.Decode(code & 0x7F, FractionBits, Bias);
        return code < 0x80 ? magnitude : -magnitude;
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ElementLanes.Encode<Fp8E4M3, VectorForm>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ElementLanes.Decode<Fp8E4M3, VectorForm>(blocks, values);

    /// <summary>The vector form.</summary>
    private readonly struct VectorForm : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values)
        {
            Vector512<float> magnitude = Vector512.Abs(values);
            Vector512<uint> sign = (values.AsUInt32() >> 24) & Vector512.Create(0x80u), code = SmallFloat.Encode(magnitude, FractionBits, Bias, Largest);
            return sign | (code + (Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(0x7F80_0000)).AsUInt32() & Vector512<uint>.One));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<uint> codes)
        {
            Vector512<uint> magnitude = codes & Vector512.Create(0x7Fu), sign = (codes << 24) & Vector512.Create(0x8000_0000u);
            Vector512<uint> nan = Vector512.Equals(magnitude, Vector512.Create((uint)NaN)) & Vector512.Create(0x7FC0_0000u);
            return (SmallFloat.Decode(magnitude, FractionBits, Bias).AsUInt32() | nan | sign).AsSingle();
        }
    }
}
