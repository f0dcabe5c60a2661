using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q5_K: 256 5-bit codes in 8 groups of 32, 176 bytes. x ≈ d·s·q − dmin·m: a 6-bit scale s and a 6-bit minimum m a group,
/// fp16 d and dmin for all. Layout: d, dmin (2 bytes each, little-endian); 12 bytes of s and m (<see cref="SixBitScales"/>); 32
/// bytes of fifth bits, bit g of byte i is that of element i of group g; 128 bytes of the low four bits, in each 32 of them byte
/// i holds element i of 64 in its low and element i + 32 in its high half.
/// Encoding is that of GGUF's own encoder without an importance matrix, byte for byte (<see cref="AffineSearch"/>).
/// Source: ggml-org/ggml, src/ggml-common.h (block_q5_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q5_K : IBlockFormat, IAffineBlock, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q5_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 176;

    static int IAffineBlock.Groups => 8;

    static AffineSearch IAffineBlock.Search => new(MaxCode: 31, MaxScale: 63, First: -0.5f, Steps: 15, IsAbsolute: false);

    static int IAffineBlock.ScalesAt => 0;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block) => AffineGroups.TryEncode<Q5_K>(values, block);

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = Fp16Scales.TryRead(block, out float d, out float dmin);
        Span<byte> codes = stackalloc byte[256];
        UnpackCodes(block, codes);
        for (int group = 0; group < 8; group++)
        {
            (int s, int m) = SixBitScales.Unpack(block.Slice(4, 12), group);
            float scale = d * s, min = dmin * m;
            for (int i = group * 32; i < (group + 1) * 32; i++)
            {
                values[i] = (scale * codes[i]) - min;
            }
        }

        return valid;
    }

    /// <summary>The 256 codes, a byte each.</summary>
    internal static void UnpackCodes(ReadOnlySpan<byte> block, Span<byte> codes)
    {
        for (int group = 0; group < 8; group++)
        {
            ReadOnlySpan<byte> from = block.Slice(48 + (group / 2 * 32), 32), fifths = block.Slice(16, 32);
            int shift = group % 2 * 4;
            Span<byte> to = codes.Slice(group * 32, 32);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (byte)(((from[i] >> shift) & 15) | (((fifths[i] >> group) & 1) << 4));
            }
        }
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q5_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q5_K>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        AffineGroups.EncodeBlocks<Q5_K, TLanes>(values, blocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q5_K>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Span<float> scales = stackalloc float[16], mins = stackalloc float[16];
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 0), out Vector512<float> d)
                || !ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 2), out Vector512<float> dmin))
            {
                return i;
            }

            SixBitScales.Decode<TLanes>(ref Unsafe.Add(ref from, 4), d, dmin, scales, mins);
            // Fifth bits stand at bit 4, those of the next group above.
            Vector512<int> fifthA = TLanes.Widen(Vector128.LoadUnsafe(ref from, 16)).AsInt32() << 4,
                fifthB = TLanes.Widen(Vector128.LoadUnsafe(ref from, 32)).AsInt32() << 4,
                low = Vector512.Create(15), fifth = Vector512.Create(16);
            for (int group = 0; group < 8; group += 2)
            {
                Vector512<int> a = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(48 + (group * 16)))).AsInt32(),
                    b = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(64 + (group * 16)))).AsInt32();
                CodeLanes.Store((a & low) | (fifthA & fifth), scales[group], mins[group], ref to, 2 * group);
                CodeLanes.Store((b & low) | (fifthB & fifth), scales[group], mins[group], ref to, (2 * group) + 1);
                (fifthA, fifthB) = (fifthA >> 1, fifthB >> 1);
                CodeLanes.Store((a >> 4) | (fifthA & fifth), scales[group + 1], mins[group + 1], ref to, (2 * group) + 2);
                CodeLanes.Store((b >> 4) | (fifthB & fifth), scales[group + 1], mins[group + 1], ref to, (2 * group) + 3);
                (fifthA, fifthB) = (fifthA >> 1, fifthB >> 1);
            }

            from = ref Unsafe.Add(ref from, 176);
            to = ref Unsafe.Add(ref to, 256);
        }

        return count;
    }

    static void IAffineBlock.Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> mins, ReadOnlySpan<byte> codes, Span<byte> block)
    {
        SixBitScales.Pack(scales, mins, block.Slice(4, 12));
        Vector256<byte> fifths = default;
        for (int group = 0; group < 8; group++)
        {
            fifths |= PackedBits.Of(codes[(group * 32)..], 16, group - 4);
        }

        fifths.CopyTo(block[16..]);
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> from = codes.Slice(i * 64, 64);
            (PackedBits.Of(from, 15, 0) | PackedBits.Of(from[32..], 15, 4)).CopyTo(block[(48 + (i * 32))..]);
        }
    }
}
