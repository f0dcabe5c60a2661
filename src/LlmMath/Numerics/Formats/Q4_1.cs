using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q4_1: 32 4-bit codes with an fp16 scale d and an fp16 minimum m, 20 bytes. x ≈ d·q + m, d = (max − min) ÷ 15, m = min,
/// q = ⌊(x − min)·(1 ÷ d) + ½⌋, at most 15: ties go up, as the format's own encoder has it.
/// Layout: d, m (2 bytes each, little-endian), then 16 bytes: byte i holds element i in its low and element i + 16 in its high
/// half. A constant block has d = 0 and is met to within fp16. Where d is below 2⁻¹²⁸ all codes are 0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q4_1) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q4_1 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q4_1";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 20;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        (float min, float max) = BlockMath.Range(values[..32]);
        float d = (max - min) / 15;
        if (!Fp16Scales.TryWrite(block, d, min))
        {
            return false;
        }

        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = block.Slice(4, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)(Code((values[i] - min) * inverse) | (Code((values[i + 16] - min) * inverse) << 4));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = Fp16Scales.TryRead(block, out float d, out float m);
        ReadOnlySpan<byte> codes = block.Slice(4, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = ((codes[i] & 15) * d) + m;
            values[i + 16] = ((codes[i] >> 4) * d) + m;
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q4_1>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q4_1>(blocks, values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Q4_1>(values.Length, blocks.Length);
        for (int i = 0; i < count; i++)
        {
            if (!AffineLanes.TryEncode<TLanes>(values.Slice(i * 32, 32), blocks.Slice(i * 20, 20), 15,
                out Vector512<int> a, out Vector512<int> b))
            {
                return i;
            }

            TLanes.LowBytes((a | (b << 4)).AsUInt32()).CopyTo(blocks[((i * 20) + 4)..]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q4_1>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref from, out Vector512<float> d)
                || !ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 2), out Vector512<float> m))
            {
                return i;
            }

            Vector512<int> bytes = TLanes.Widen(Vector128.LoadUnsafe(ref from, 4)).AsInt32();
            ((Vector512.ConvertToSingle(bytes & Vector512.Create(15)) * d) + m).StoreUnsafe(ref to);
            ((Vector512.ConvertToSingle(bytes >> 4) * d) + m).StoreUnsafe(ref to, 16);
            from = ref Unsafe.Add(ref from, 20);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }

    private static int Code(float scaled) => Math.Min(15, (int)(scaled + 0.5f));
}
