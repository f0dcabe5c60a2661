using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// bfloat16: the upper half of binary32 (1 sign, 8 exponent, 7 fraction bits), little-endian. Rounds to nearest, ties to even; −0 and
/// subnormals are kept, a NaN stays one (made quiet), and what rounds beyond the largest is infinite.
/// Source: ggml-org/ggml, src/ggml-impl.h (ggml_compute_fp32_to_bf16), commit d99724f2b141.
/// </summary>
public readonly struct Bf16 : IBlockFormat
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ElementLanes.Encode<Bf16, VectorForm>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ElementLanes.Decode<Bf16, VectorForm>(blocks, values);

    /// <summary>The vector form.</summary>
    private readonly struct VectorForm : IElementLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Encode(Vector512<float> values)
        {
            Vector512<uint> bits = values.AsUInt32();
            Vector512<uint> rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
            return Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, (bits >> 16) | Vector512.Create(0x40u));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Decode(Vector512<uint> codes) => (codes << 16).AsSingle();
    }
}
