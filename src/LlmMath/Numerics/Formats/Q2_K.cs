using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q2_K: 256 2-bit codes in 16 groups of 16, 84 bytes. x ≈ d·s·q − dmin·m: a 4-bit scale s and a 4-bit minimum m a group,
/// fp16 d and dmin for all. Layout: 16 bytes of s (low half) and m (high half); 64 bytes of codes, in each half of 32 bytes byte
/// i holds elements i, i + 32, i + 64, i + 96 of 128 from the low bits up; d, dmin (2 bytes each, little-endian).
/// Encoding is that of GGUF's own encoder without an importance matrix, byte for byte (<see cref="AffineSearch"/>).
/// Source: ggml-org/ggml, src/ggml-common.h (block_q2_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q2_K : IBlockFormat, IAffineBlock, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q2_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 84;

    static int IAffineBlock.Groups => 16;

    static AffineSearch IAffineBlock.Search => new(MaxCode: 3, MaxScale: 15, First: -0.5f, Steps: 15, IsAbsolute: true);

    static int IAffineBlock.ScalesAt => 80;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block) => AffineGroups.TryEncode<Q2_K>(values, block);

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = Fp16Scales.TryRead(block[80..], out float d, out float dmin);
        Span<byte> codes = stackalloc byte[256];
        UnpackCodes(block, codes);
        for (int group = 0; group < 16; group++)
        {
            float scale = d * (block[group] & 15), min = dmin * (block[group] >> 4);
            for (int i = group * 16; i < (group + 1) * 16; i++)
            {
                values[i] = (scale * codes[i]) - min;
            }
        }

        return valid;
    }

    /// <summary>The 256 codes, a byte each.</summary>
    internal static void UnpackCodes(ReadOnlySpan<byte> block, Span<byte> codes)
    {
        for (int group = 0; group < 16; group++)
        {
            ReadOnlySpan<byte> from = block.Slice(16 + (group / 8 * 32) + (group % 2 * 16), 16);
            int shift = group / 2 % 4 * 2;
            Span<byte> to = codes.Slice(group * 16, 16);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (byte)((from[i] >> shift) & 3);
            }
        }
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q2_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q2_K>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        AffineGroups.EncodeBlocks<Q2_K, TLanes>(values, blocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q2_K>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Span<float> scales = stackalloc float[16], mins = stackalloc float[16];
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 80), out Vector512<float> d)
                || !ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 82), out Vector512<float> dmin))
            {
                return i;
            }

            Vector512<int> packed = TLanes.Widen(Vector128.LoadUnsafe(ref from)).AsInt32();
            (Vector512.ConvertToSingle(packed & Vector512.Create(15)) * d).CopyTo(scales);
            (Vector512.ConvertToSingle(packed >> 4) * dmin).CopyTo(mins);
            for (int half = 0; half < 2; half++)
            {
                Vector512<int> a = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(16 + (half * 32)))).AsInt32(),
                    b = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(32 + (half * 32)))).AsInt32();
                for (int group = half * 8; group < (half + 1) * 8; group += 2)
                {
                    CodeLanes.Store(a & Vector512.Create(3), scales[group], mins[group], ref to, group);
                    CodeLanes.Store(b & Vector512.Create(3), scales[group + 1], mins[group + 1], ref to, group + 1);
                    (a, b) = (a >> 2, b >> 2);
                }
            }

            from = ref Unsafe.Add(ref from, 84);
            to = ref Unsafe.Add(ref to, 256);
        }

        return count;
    }

    static void IAffineBlock.Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> mins, ReadOnlySpan<byte> codes, Span<byte> block)
    {
        for (int group = 0; group < 16; group++)
        {
            block[group] = (byte)(scales[group] | (mins[group] << 4));
        }

        for (int half = 0; half < 2; half++)
        {
            ReadOnlySpan<byte> from = codes.Slice(half * 128, 128);
            (PackedBits.Of(from, 3, 0) | PackedBits.Of(from[32..], 3, 2) | PackedBits.Of(from[64..], 3, 4)
                | PackedBits.Of(from[96..], 3, 6)).CopyTo(block[(16 + (half * 32))..]);
        }
    }
}
