using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// MXFP4, as GGUF stores it: 32 E2M1 codes with one power of two as scale (E8M0: 2^(e − 127)), 17 bytes. x ≈ 2^(e − 127)·v(q),
/// with e = ⌊log₂ max|x|⌋ − 2 + 127, at least 0, and q the nearest of 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives: ties go to the
/// smaller magnitude, as GGUF's own encoder has it, and beyond 6 is ±6. What rounds to 0 is +0.
/// Layout: e, then 16 bytes: byte i holds element i in its low and element i + 16 in its high half. e = 255 is NaN: no valid
/// block. GGUF's own encoder gives the same bytes, but for blocks below 2⁻¹²⁵ in magnitude, where its scale wraps around, and for
/// those of the few floats next below a power of two whose logarithm it rounds up. microxcaling rounds ties away from 0.
/// Sources: OCP Microscaling Formats (MX) Specification, version 1.0, sections 5.3.3, 5.4.1 and 6.3; ggml-org/ggml,
/// src/ggml-quants.c (quantize_row_mxfp4_ref), commit d99724f2b141; microsoft/microxcaling, mx/mx_ops.py and
/// mx/elemwise_ops.py, commit 7bc41952de39.
/// </summary>
public readonly struct MxFp4 : IBlockFormat, IVectorForm
{
    private const int ScaleBias = 127, CodesAt = 1;

    // Read from memory into every lane, which is quicker than made.
    private static readonly float[] s_halfScales = [.. Enumerable.Range(0, 255).Select(scale => HalfScale((byte)scale))];

    /// <inheritdoc/>
    public static string Name => "mxfp4";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 17;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float greatest = BlockMath.MaxMagnitude(values[..32]);
        if (!float.IsFinite(greatest))
        {
            return false;
        }

        block[0] = ScaleOf(greatest);
        float scale = 2 * HalfScale(block[0]);
        Span<byte> codes = block.Slice(CodesAt, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)(E2M1.Code(values[i], scale) | (E2M1.Code(values[i + 16], scale) << 4));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float half = HalfScale(block[0]);
        ReadOnlySpan<byte> codes = block.Slice(CodesAt, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = E2M1.Doubled[codes[i] & 15] * half;
            values[i + 16] = E2M1.Doubled[codes[i] >> 4] * half;
        }

        return block[0] != byte.MaxValue;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<MxFp4>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<MxFp4>(blocks, values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<MxFp4>(values.Length, blocks.Length);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        for (int i = 0; i < count; i++)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref from), b = Vector512.LoadUnsafe(ref from, 16);
            float greatest = Lanes.MaxMagnitude(a, b);
            if (!float.IsFinite(greatest))
            {
                return i;
            }

            byte scale = ScaleOf(greatest);
            to = scale;
            var inverse = Vector512.Create(InverseOf(scale));
            Vector512<uint> codes = E2M1.Codes<TLanes>(a * inverse) | (E2M1.Codes<TLanes>(b * inverse) << 4);
            TLanes.LowBytes(codes).StoreUnsafe(ref to, CodesAt);
            from = ref Unsafe.Add(ref from, 32);
            to = ref Unsafe.Add(ref to, 17);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<MxFp4>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        float[] halfScales = s_halfScales;
        var doubled = Vector512.Create(0f, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
        for (int i = 0; i < count; i++)
        {
            if (from == byte.MaxValue)
            {
                return i;
            }

            FourBits.Decode<TLanes>(ref Unsafe.Add(ref from, CodesAt), doubled * halfScales[from], ref to);
            from = ref Unsafe.Add(ref from, 17);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }

    // ⌊log₂⌋ of a float is its exponent; of a subnormal it is lower, but then e is 0 anyway.
    private static byte ScaleOf(float greatest) =>
        (byte)Math.Max(0, (int)(BitConverter.SingleToUInt32Bits(greatest) >> 23) - 2);

    private static float InverseOf(byte scale) => BitConverter.UInt32BitsToSingle((uint)((2 * ScaleBias) - scale) << 23);

    // Half the scale, since E2M1.Doubled holds twice the values: 2^(e − 128), below 2⁻¹²⁶ a subnormal.
    private static float HalfScale(byte scale) =>
        BitConverter.UInt32BitsToSingle(scale < 2 ? 0x0020_0000u << scale : (uint)(scale - 1) << 23);
}
