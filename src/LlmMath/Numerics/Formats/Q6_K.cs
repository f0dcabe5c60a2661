using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q6_K: 256 6-bit codes in 16 groups of 16, 210 bytes. x ≈ d·s·(q − 32): a signed 8-bit scale s a group, fp16 d for all.
/// Layout: 128 bytes of the low four bits, in each 64 of them byte i holds element i of 128 in its low and element i + 64 in its
/// high half; 64 bytes of the high two bits, in each 32 of them byte i holds elements i, i + 32, i + 64, i + 96 of 128 from the
/// low bits up; 16 bytes of s; d (2 bytes, little-endian).
/// Encoding is that of GGUF's own encoder without an importance matrix, byte for byte (<see cref="ScaleSearch"/>).
/// Source: ggml-org/ggml, src/ggml-common.h (block_q6_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q6_K : IBlockFormat, ISymmetricBlock, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q6_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 210;

    static int ISymmetricBlock.CodeOffset => ScaleSearch.Offset;

    static int ISymmetricBlock.LeastScale => -128;

    static float ISymmetricBlock.LeastMagnitude => ScaleSearch.Epsilon;

    static sbyte ISymmetricBlock.ScaleOfNone => 0;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block) => SymmetricGroups.TryEncode<Q6_K>(values, block);

    static float ISymmetricBlock.Fit(ReadOnlySpan<float> x, Span<byte> codes) => ScaleSearch.Fit(x, codes);

    static (Vector512<float> Of, Vector512<float> OfNext) ISymmetricBlock.Fit(
        ReadOnlySpan<Vector512<float>> block, ReadOnlySpan<Vector512<float>> next) =>
            (ScaleSearch.Fit(block), ScaleSearch.Fit(next));

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort half = BinaryPrimitives.ReadUInt16LittleEndian(block[208..]);
        float d = Fp16.ToSingle(half);
        Span<byte> codes = stackalloc byte[256];
        UnpackCodes(block, codes);
        for (int group = 0; group < 16; group++)
        {
            float scale = d * unchecked((sbyte)block[192 + group]);
            for (int i = group * 16; i < (group + 1) * 16; i++)
            {
                values[i] = scale * (codes[i] - 32);
            }
        }

        return Fp16.IsFinite(half);
    }

    /// <summary>The 256 codes, a byte each.</summary>
    internal static void UnpackCodes(ReadOnlySpan<byte> block, Span<byte> codes)
    {
        for (int group = 0; group < 16; group++)
        {
            ReadOnlySpan<byte> low = block.Slice((group / 8 * 64) + (group % 4 * 16), 16),
                high = block.Slice(128 + (group / 8 * 32) + (group % 2 * 16), 16);
            int lowShift = group / 4 % 2 * 4, highShift = group / 2 % 4 * 2;
            Span<byte> to = codes.Slice(group * 16, 16);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (byte)(((low[i] >> lowShift) & 15) | (((high[i] >> highShift) & 3) << 4));
            }
        }
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q6_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q6_K>(blocks, values);

    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks) =>
        SymmetricGroups.EncodeBlocks<Q6_K, TLanes>(values, blocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q6_K>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Span<float> scales = stackalloc float[16];
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref Unsafe.Add(ref from, 208), out Vector512<float> d))
            {
                return i;
            }

            (Vector512.ConvertToSingle(TLanes.Widen(Vector128.LoadUnsafe(ref from, 192).AsSByte())) * d).CopyTo(scales);
            for (int part = 0; part < 4; part++)
            {
                // Sixteen bytes of the high bits, and two times sixteen of the low ones, are four groups.
                int half = part / 2, at = part % 2;
                Vector512<int> high = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)(128 + (half * 32) + (at * 16))))
                    .AsInt32(),
                    a = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)((half * 64) + (at * 16)))).AsInt32(),
                    b = TLanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)((half * 64) + 32 + (at * 16)))).AsInt32(),
                    low = Vector512.Create(15), two = Vector512.Create(0x30), offset = Vector512.Create(32);
                int group = (half * 8) + at;
                CodeLanes.Store(((a & low) | ((high << 4) & two)) - offset, scales[group], ref to, group);
                CodeLanes.Store(((b & low) | ((high << 2) & two)) - offset, scales[group + 2], ref to, group + 2);
                CodeLanes.Store(((a >> 4) | (high & two)) - offset, scales[group + 4], ref to, group + 4);
                CodeLanes.Store(((b >> 4) | ((high >> 2) & two)) - offset, scales[group + 6], ref to, group + 6);
            }

            from = ref Unsafe.Add(ref from, 210);
            to = ref Unsafe.Add(ref to, 256);
        }

        return count;
    }

    static void ISymmetricBlock.Pack(ReadOnlySpan<sbyte> scales, ReadOnlySpan<byte> codes, ushort d, Span<byte> block)
    {
        if (!scales.ContainsAnyExcept((sbyte)0))
        {
            block[..210].Clear();
            return;
        }

        for (int half = 0; half < 2; half++)
        {
            ReadOnlySpan<byte> from = codes.Slice(half * 128, 128);
            (PackedBits.Of(from, 15, 0) | PackedBits.Of(from[64..], 15, 4)).CopyTo(block[(half * 64)..]);
            (PackedBits.Of(from[32..], 15, 0) | PackedBits.Of(from[96..], 15, 4)).CopyTo(block[((half * 64) + 32)..]);
            (PackedBits.Of(from, 0x30, -4) | PackedBits.Of(from[32..], 0x30, -2) | PackedBits.Of(from[64..], 0x30, 0)
                | PackedBits.Of(from[96..], 0x30, 2)).CopyTo(block[(128 + (half * 32))..]);
        }

        MemoryMarshal.AsBytes(scales).CopyTo(block[192..]);
        BinaryPrimitives.WriteUInt16LittleEndian(block[208..], d);
    }
}
