using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// 16-bit floats, IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits, little-endian. Rounds to nearest, ties to
/// even; beyond 65,504 (from 65,520 on) it is infinite; −0 and subnormals are kept; any NaN becomes 0x7E00 with its sign.
/// Source: IEEE 754-2019, clauses 3.4 and 5.4.2.
/// </summary>
public readonly struct Fp16 : IBlockFormat, IVectorForm
{
    private const int FractionBits = 10, Bias = 15, Infinity = 0x7C00, NaN = 0x7E00;
    private const int SignExponentFraction = unchecked((int)0x8FFF_E000);
    internal const float TwoTo112 = 5.192296858534828e33f;

    /// <inheritdoc/>
    public static string Name => "fp16";

    /// <inheritdoc/>
    public static int BlockElements => 1;

    /// <inheritdoc/>
    public static int BlockBytes => 2;

    /// <summary>The bits of the nearest fp16.</summary>
    /// <param name="value">Any float.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), sign = (bits >> 16) & 0x8000;
        return (ushort)(sign
            | (float.IsNaN(value) ? NaN : (uint)SmallFloat.Encode(MathF.Abs(value), FractionBits, Bias, Infinity)));
    }

    /// <summary>The value of fp16 bits, exactly.</summary>
    /// <param name="bits">Any 16 bits.</param>
    public static float ToSingle(ushort bits)
    {
        uint magnitude = bits & 0x7FFFu, special = magnitude < Infinity ? 0 : 0x7F80_0000u;
        return BitConverter.UInt32BitsToSingle(
            BitConverter.SingleToUInt32Bits(SmallFloat.Decode((int)magnitude, FractionBits, Bias)) | special
                | ((bits & 0x8000u) << 16));
    }

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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) =>
        VectorForm.Encode<Fp16>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) =>
        VectorForm.Decode<Fp16>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        ElementLanes.Encode<Fp16, OfLanes, TLanes>(values, blocks);

    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values) =>
        ElementLanes.Decode<Fp16, OfLanes, TLanes>(blocks, values);

    /// <summary>The bits of the nearest fp16 of sixteen floats; those above 16 do not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> FromSingle(Vector512<float> values)
    {
        Vector512<uint> bits = values.AsUInt32(), sign = (bits >> 16) & Vector512.Create(0x8000u);
        Vector512<uint> code = SmallFloat.Encode(Vector512.Abs(values), FractionBits, Bias, Infinity);
        Vector512<uint> isNumber = Vector512.Equals(values, values).AsUInt32();
        return sign | Vector512.ConditionalSelect(isNumber, code, Vector512.Create((uint)NaN));
    }

    /// <summary>The values of the bits of sixteen fp16, one in each lane; the bits above do not count. No float is subnormal on
    /// the way, which would cost many cycles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ToSingle(Vector512<int> bits)
    {
        Vector512<uint> magnitude = bits.AsUInt32() & Vector512.Create(0x7FFFu);
        Vector512<int> isSpecial = Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(Infinity - 1));
        return (SmallFloat.DecodeBySelection(magnitude, FractionBits, Bias).AsInt32()
            | (isSpecial & Vector512.Create(0x7F80_0000)) | ((bits << 16) & Vector512.Create(int.MinValue))).AsSingle();
    }

    /// <summary>The same of bits whose sign is extended and that are neither NaN, infinite nor subnormal: exponent and fraction
    /// moved to where binary32 has them, which is the value times 2⁻¹¹².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> PlainToSingle(Vector512<int> bits) =>
        ((bits << 13) & Vector512.Create(SignExponentFraction)).AsSingle() * TwoTo112;

    /// <summary>A finite scale in every lane, times 2⁻¹¹²; its bits are taken from memory, where a block's scale
    /// stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> FiniteInLanes(ushort bits) =>
        ((Vector512.Create(bits).AsInt32() >> 3) & Vector512.Create(SignExponentFraction)).AsSingle();

    /// <summary>Sixteen elements.</summary>
    private readonly struct OfLanes : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values) => FromSingle(values);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool ArePlain(ref byte codes)
        {
            // Without the sign, from which 0 wraps around, numbers lie between the subnormals and the infinities.
            Vector512<ushort> a = Vector512.LoadUnsafe(ref codes).AsUInt16(), b = Vector512.LoadUnsafe(ref codes, 64).AsUInt16();
            (a, b) = (a + a, b + b);
            Vector512<ushort> greatest = Vector512.Max(a, b),
                least = Vector512.Min(a - Vector512<ushort>.One, b - Vector512<ushort>.One);
            return Vector512.LessThanAll(greatest, Vector512.Create((ushort)(2 * Infinity)))
                && Vector512.GreaterThanOrEqualAll(least, Vector512.Create((ushort)((2 << FractionBits) - 1)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> DecodePlain<TLanes>(Vector512<int> codes)
            where TLanes : struct, ILanes => PlainToSingle(codes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<int> codes) => ToSingle(codes);
    }
}
