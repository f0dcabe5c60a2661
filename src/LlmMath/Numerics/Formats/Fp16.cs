using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// 16-bit floats, IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits, little-endian. Rounds to nearest, ties to even;
/// beyond 65,504 (from 65,520 on) it is infinite; −0 and subnormals are kept, and a NaN with the upper bits of its payload, made quiet.
/// Source: IEEE 754-2019, clauses 3.4 and 5.4.2.
/// </summary>
public readonly struct Fp16 : IBlockFormat
{
    private const int FractionBits = 10, Bias = 15, Infinity = 0x7C00;

    /// <inheritdoc/>
    public static string Name => "fp16";

    /// <inheritdoc/>
    public static int BlockElements => 1;

    /// <inheritdoc/>
    public static int BlockBytes => 2;

    /// <summary>The bits of the nearest fp16.</summary>
    /// <param name="value">Any float.</param>
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), sign = (bits >> 16) & 0x8000;
        return (ushort)(sign | (float.IsNaN(value) ? 0x7E00 | ((bits >> 13) & 0x1FF) : (uint)SmallFloat.Encode(MathF.Abs(value), FractionBits, Bias, Infinity)));
    }

    /// <summary>The value of fp16 bits, exactly.</summary>
    /// <param name="bits">Any 16 bits.</param>
    public static float ToSingle(ushort bits)
    {
        uint magnitude = bits & 0x7FFFu, special = magnitude < Infinity ? 0 : 0x7F80_0000u;
        return BitConverter.UInt32BitsToSingle(
            BitConverter.SingleToUInt32Bits(SmallFloat.Decode((int)magnitude, FractionBits, Bias)) | special | ((bits & 0x8000u) << 16));
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ElementLanes.Encode<Fp16, VectorForm>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ElementLanes.Decode<Fp16, VectorForm>(blocks, values);

    /// <summary>The values of the bits of sixteen fp16, one in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ToSingle(Vector512<uint> bits)
    {
        Vector512<uint> magnitude = bits & Vector512.Create(0x7FFFu);
        Vector512<uint> special = Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(Infinity - 1)).AsUInt32() & Vector512.Create(0x7F80_0000u);
        return (SmallFloat.Decode(magnitude, FractionBits, Bias).AsUInt32() | special | ((bits ^ magnitude) << 16)).AsSingle();
    }

    /// <summary>The vector form.</summary>
    private readonly struct VectorForm : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values)
        {
            Vector512<uint> bits = values.AsUInt32(), sign = (bits >> 16) & Vector512.Create(0x8000u);
            Vector512<uint> nan = Vector512.Create(0x7E00u) | ((bits >> 13) & Vector512.Create(0x1FFu));
            Vector512<uint> code = SmallFloat.Encode(Vector512.Abs(values), FractionBits, Bias, Infinity);
            return sign | Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), code, nan);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<uint> codes) => ToSingle(codes);
    }
}
