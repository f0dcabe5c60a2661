using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q3_K: 256 3-bit codes in 16 groups of 16, 110 bytes. x ≈ d·(s − 32)·(q − 4): a 6-bit scale s a group, fp16 d for all.
/// Layout: 32 bytes of third bits, bit b of byte i is that of element 32·b + i; 64 bytes of the codes' low two bits, in each half
/// of 32 bytes byte i holds elements i, i + 32, i + 64, i + 96 of 128 from the low bits up; 12 bytes of scales: the low four bits
/// of s₀ … s₇ and s₈ … s₁₅ in the halves of bytes 0 to 7, the high two of sⱼ in byte 8 + j mod 4 at bit 2·⌊j ÷ 4⌋; d (2 bytes,
/// little-endian).
/// Encoding is that of GGUF's own encoder without an importance matrix, byte for byte (<see cref="ScaleDescent"/>).
/// Source: ggml-org/ggml, src/ggml-common.h (block_q3_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q3_K : IBlockFormat, ISymmetricBlock, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q3_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 110;

    static int ISymmetricBlock.CodeOffset => ScaleDescent.Offset;

    static int ISymmetricBlock.LeastScale => -32;

    static float ISymmetricBlock.LeastMagnitude => float.Epsilon;

    static sbyte ISymmetricBlock.ScaleOfNone => -32;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block) => SymmetricGroups.TryEncode<Q3_K>(values, block);

    static float ISymmetricBlock.Fit(ReadOnlySpan<float> x, Span<byte> codes) => ScaleDescent.Fit(x, codes);

    static (Vector512<float> Of, Vector512<float> OfNext) ISymmetricBlock.Fit(
        ReadOnlySpan<Vector512<float>> block, ReadOnlySpan<Vector512<float>> next) => ScaleDescent.Fit(block, next);

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort half = BinaryPrimitives.ReadUInt16LittleEndian(block[108..]);
        float d = Fp16.ToSingle(half);
        Span<byte> codes = stackalloc byte[256];
        UnpackCodes(block, codes);
        for (int group = 0; group < 16; group++)
        {
            float scale = d * Scale(block, group);
            for (int i = group * 16; i < (group + 1) * 16; i++)
            {
                values[i] = scale * (codes[i] - 4);
            }
        }

        return Fp16.IsFinite(half);
    }

    /// <summary>The 256 codes, a byte each.</summary>
    internal static void UnpackCodes(ReadOnlySpan<byte> block, Span<byte> codes)
    {
        for (int group = 0; group < 16; group++)
        {
            ReadOnlySpan<byte> from = block.Slice(32 + (group / 8 * 32) + (group % 2 * 16), 16),
                thirds = block.Slice(group % 2 * 16, 16);
            int shift = group / 2 % 4 * 2, bit = group / 2;
            Span<byte> to = codes.Slice(group * 16, 16);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (byte)(((from[i] >> shift) & 3) | (((thirds[i] >> bit) & 1) << 2));
            }
        }
    }

    /// <summary>The 16 scales as they are stored: 32 more than they are worth.</summary>
    internal static void UnpackScales(ReadOnlySpan<byte> block, Span<byte> scales)
    {
        for (int group = 0; group < 16; group++)
        {
            scales[group] = (byte)(Scale(block, group) + 32);
        }
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q3_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q3_K>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        SymmetricGroups.EncodeBlocks<Q3_K, TLanes>(values, blocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q3_K>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Span<float> scales = stackalloc float[16];
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 108), out Vector512<float> d))
            {
                return i;
            }

            ReadOnlySpan<byte> block = blocks.Slice(i * 110, 110);
            for (int group = 0; group < 16; group++)
            {
                scales[group] = Scale(block, group);
            }

            (Vector512.Create<float>(scales) * d).CopyTo(scales);
            Vector512<int> thirdA = TLanes.Widen(Vector128.LoadUnsafe(ref from)).AsInt32() << 2,
                thirdB = TLanes.Widen(Vector128.LoadUnsafe(ref from, 16)).AsInt32() << 2, low = Vector512.Create(3),
                four = Vector512.Create(4);
            for (int half = 0; half < 2; half++)
            {
                Vector512<int> a = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(32 + (half * 32)))).AsInt32(),
                    b = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(48 + (half * 32)))).AsInt32();
                for (int group = half * 8; group < (half + 1) * 8; group += 2)
                {
                    CodeLanes.Store(((a & low) | (thirdA & four)) - four, scales[group], ref to, group);
                    CodeLanes.Store(((b & low) | (thirdB & four)) - four, scales[group + 1], ref to, group + 1);
                    (a, b, thirdA, thirdB) = (a >> 2, b >> 2, thirdA >> 1, thirdB >> 1);
                }
            }

            from = ref Unsafe.Add(ref from, 110);
            to = ref Unsafe.Add(ref to, 256);
        }

        return count;
    }

    private static int Scale(ReadOnlySpan<byte> block, int group)
    {
        int low = (block[96 + (group % 8)] >> (group / 8 * 4)) & 15, high = (block[104 + (group % 4)] >> (group / 4 * 2)) & 3;
        return (low | (high << 4)) - 32;
    }

    static void ISymmetricBlock.Pack(ReadOnlySpan<sbyte> scales, ReadOnlySpan<byte> codes, ushort d, Span<byte> block)
    {
        Vector256<byte> thirds = default;
        for (int i = 0; i < 8; i++)
        {
            thirds |= PackedBits.Of(codes[(i * 32)..], 4, i - 2);
        }

        thirds.CopyTo(block);
        for (int half = 0; half < 2; half++)
        {
            ReadOnlySpan<byte> from = codes.Slice(half * 128, 128);
            (PackedBits.Of(from, 3, 0) | PackedBits.Of(from[32..], 3, 2) | PackedBits.Of(from[64..], 3, 4)
                | PackedBits.Of(from[96..], 3, 6)).CopyTo(block[(32 + (half * 32))..]);
        }

        block.Slice(96, 12).Clear();
        for (int group = 0; group < 16; group++)
        {
            int scale = scales[group] + 32;
            block[96 + (group % 8)] |= (byte)((scale & 15) << (group / 8 * 4));
            block[104 + (group % 4)] |= (byte)(scale >> 4 << (group / 4 * 2));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block[108..], d);
    }
}
