using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// bfloat16: the upper half of binary32 (1 sign, 8 exponent, 7 fraction bits), little-endian. Rounds to nearest, ties to even; −0
/// and subnormals are kept, a NaN stays one (made quiet), and what rounds beyond the largest is infinite.
/// Source: ggml-org/ggml, src/ggml-impl.h (ggml_compute_fp32_to_bf16), commit d99724f2b141.
/// </summary>
public readonly struct Bf16 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "bf16";

    /// <inheritdoc/>
    public static int BlockElements => 1;

    /// <inheritdoc/>
    public static int BlockBytes => 2;

    /// <summary>The bits of the nearest bf16.</summary>
    /// <param name="value">Any float.</param>
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return unchecked((ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>The value of bf16 bits, exactly.</summary>
    /// <param name="bits">Any 16 bits.</param>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

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
        VectorForm.Encode<Bf16>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) =>
        VectorForm.Decode<Bf16>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        ElementLanes.Encode<Bf16, OfLanes, TLanes>(values, blocks);

    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values) =>
        ElementLanes.Decode<Bf16, OfLanes, TLanes>(blocks, values);

    /// <summary>Sixteen elements.</summary>
    private readonly struct OfLanes : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values)
        {
            Vector512<uint> bits = values.AsUInt32();
            Vector512<uint> rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
            return Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded,
                (bits >> 16) | Vector512.Create(0x40u));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool ArePlain(ref byte codes) => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> DecodePlain<TLanes>(Vector512<int> codes)
            where TLanes : struct, ILanes => Decode(codes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<int> codes) => (codes << 16).AsSingle();
    }
}
