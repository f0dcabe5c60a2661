using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q4_0: 32 4-bit codes with one fp16 scale d, 18 bytes. x ≈ d·(q − 8), d = m ÷ −8 with m the value of greatest magnitude
/// (the first of several), so that m itself is met exactly; q = ⌊x·(1 ÷ d) + 8.5⌋, at most 15: ties go up, as the format's own
/// encoder has it.
/// Layout: d (2 bytes, little-endian), then 16 bytes: byte i holds element i in its low and element i + 16 in its high half.
/// A block of zeros has d = 0. Where d is below 2⁻¹²⁸ all codes are 8. −0 becomes +0 or −0, as d's sign is.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q4_0) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q4_0 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q4_0";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 18;

    /// <summary>Where the codes begin in a block.</summary>
    internal const int CodesAt = 2;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = BlockMath.OfGreatestMagnitude(values[..32]) * -0.125f;
        ushort scale = Fp16.FromSingle(d);
        if (!Fp16.IsFinite(scale))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = block.Slice(CodesAt, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)(Code(values[i] * inverse) | (Code(values[i + 16] * inverse) << 4));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(block);
        float d = Fp16.ToSingle(scale);
        ReadOnlySpan<byte> codes = block.Slice(CodesAt, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = ((codes[i] & 15) - 8) * d;
            values[i + 16] = ((codes[i] >> 4) - 8) * d;
        }

        return Fp16.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q4_0>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q4_0>(blocks, values);

    // The scales of sixteen blocks first, together, then the codes of each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Q4_0>(values.Length, blocks.Length);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        Span<float> greatest = stackalloc float[ScaleLanes.Blocks], inverses = stackalloc float[ScaleLanes.Blocks];
        Span<ushort> scales = stackalloc ushort[ScaleLanes.Blocks];
        for (int start = 0; start < count; start += ScaleLanes.Blocks)
        {
            int together = Math.Min(ScaleLanes.Blocks, count - start);
            for (int i = 0; i < together; i++)
            {
                ref float x = ref Unsafe.Add(ref from, i * 32);
                Vector512<float> a = Vector512.LoadUnsafe(ref x), b = Vector512.LoadUnsafe(ref x, 16);
                greatest[i] = Unsafe.Add(ref x, Lanes.FirstOfMagnitude(a, b, Lanes.MaxMagnitude(a, b)));
            }

            // 0 is added, since of zeros the greatest is +0.
            int good = ScaleLanes.Encode<TLanes>(
                (Vector512.Create<float>(greatest) + Vector512<float>.Zero) * -0.125f, scales, inverses);
            for (int i = 0; i < Math.Min(good, together); i++)
            {
                Unsafe.WriteUnaligned(ref to, scales[i]);
                Vector512<float> a = Vector512.LoadUnsafe(ref from), b = Vector512.LoadUnsafe(ref from, 16);
                Vector512<uint> codes = Codes<TLanes>(a * inverses[i]) | (Codes<TLanes>(b * inverses[i]) << 4);
                TLanes.LowBytes(codes).StoreUnsafe(ref to, CodesAt);
                from = ref Unsafe.Add(ref from, 32);
                to = ref Unsafe.Add(ref to, 18);
            }

            if (good < together)
            {
                return start + good;
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q4_0>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Vector512<float> units = Vector512.Create(-8f, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7) * Fp16.TwoTo112;
        for (int i = 0; i < count; i++)
        {
            ushort scale = Unsafe.ReadUnaligned<ushort>(ref from);
            if (!Fp16.IsFinite(scale))
            {
                return i;
            }

            FourBits.Decode<TLanes>(ref Unsafe.Add(ref from, CodesAt), units * Fp16.FiniteInLanes(scale), ref to);
            from = ref Unsafe.Add(ref from, 18);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }

    // From −8 to 8 a value is; truncation is the floor, since the sum is above 0.
    private static int Code(float scaled) => Math.Min(15, (int)(scaled + 8.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Codes<TLanes>(Vector512<float> scaled)
        where TLanes : struct, ILanes =>
        Vector512.Min(TLanes.Truncate(scaled + Vector512.Create(8.5f)), Vector512.Create(15)).AsUInt32();
}
