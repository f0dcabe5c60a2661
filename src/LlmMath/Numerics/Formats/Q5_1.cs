using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q5_1: 32 5-bit codes with an fp16 scale d and an fp16 minimum m, 24 bytes. x ≈ d·q + m, d = (max − min) ÷ 31, m = min,
/// q = ⌊(x − min)·(1 ÷ d) + ½⌋, at most 31: ties go up, as the format's own encoder has it.
/// Layout: d, m (2 bytes each, little-endian), the codes' fifth bits (4 bytes, little-endian, bit i of element i), then 16 bytes:
/// byte i holds the low four bits of element i in its low and of element i + 16 in its high half.
/// A constant block has d = 0 and is met to within fp16. Where d is below 2⁻¹²⁸ all codes are 0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q5_1) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q5_1 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q5_1";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 24;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        (float min, float max) = BlockMath.Range(values[..32]);
        float d = (max - min) / 31;
        if (!Fp16Scales.TryWrite(block, d, min))
        {
            return false;
        }

        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = stackalloc byte[32];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)Math.Min(31, (int)(((values[i] - min) * inverse) + 0.5f));
        }

        FiveBits.Pack(codes, block[4..]);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = Fp16Scales.TryRead(block, out float d, out float m);
        Span<byte> codes = stackalloc byte[32];
        FiveBits.Unpack(block[4..], codes);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = (codes[i] * d) + m;
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q5_1>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q5_1>(blocks, values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Q5_1>(values.Length, blocks.Length);
        for (int i = 0; i < count; i++)
        {
            Span<byte> block = blocks.Slice(i * 24, 24);
            if (!AffineLanes.TryEncode<TLanes>(values.Slice(i * 32, 32), block, 31, out Vector512<int> a, out Vector512<int> b))
            {
                return i;
            }

            FiveBits.Pack<TLanes>(a, b, ref block[4]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q5_1>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref from, out Vector512<float> d)
                || !ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 2), out Vector512<float> m))
            {
                return i;
            }

            (Vector512<int> a, Vector512<int> b) = FiveBits.Unpack<TLanes>(ref Unsafe.Add(ref from, 4));
            ((Vector512.ConvertToSingle(a) * d) + m).StoreUnsafe(ref to);
            ((Vector512.ConvertToSingle(b) * d) + m).StoreUnsafe(ref to, 16);
            from = ref Unsafe.Add(ref from, 24);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }
}
