using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q5_0: 32 5-bit codes with one fp16 scale d, 22 bytes. x ≈ d·(q − 16), d = m ÷ −16 with m the value of greatest
/// magnitude (the first of several), q = ⌊x·(1 ÷ d) + 16.5⌋, at most 31: ties go up, as the format's own encoder has it.
/// Layout: d (2 bytes, little-endian), the codes' fifth bits (4 bytes, little-endian, bit i of element i), then 16 bytes: byte i
/// holds the low four bits of element i in its low and of element i + 16 in its high half.
/// A block of zeros has d = 0. Where d is below 2⁻¹²⁸ all codes are 16.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q5_0) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q5_0 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q5_0";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 22;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = BlockMath.OfGreatestMagnitude(values[..32]) * -0.0625f;
        ushort scale = Fp16.FromSingle(d);
        if (!Fp16.IsFinite(scale))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = stackalloc byte[32];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)Math.Min(31, (int)((values[i] * inverse) + 16.5f));
        }

        FiveBits.Pack(codes, block[2..]);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(block);
        float d = Fp16.ToSingle(scale);
        Span<byte> codes = stackalloc byte[32];
        FiveBits.Unpack(block[2..], codes);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = (codes[i] - 16) * d;
        }

        return Fp16.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q5_0>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q5_0>(blocks, values);

    // The scales of sixteen blocks first, together, then the codes of each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Q5_0>(values.Length, blocks.Length);
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
                (Vector512.Create<float>(greatest) + Vector512<float>.Zero) * -0.0625f, scales, inverses);
            for (int i = 0; i < Math.Min(good, together); i++)
            {
                Unsafe.WriteUnaligned(ref to, scales[i]);
                Vector512<float> a = Vector512.LoadUnsafe(ref from), b = Vector512.LoadUnsafe(ref from, 16);
                FiveBits.Pack<TLanes>(
                    Codes<TLanes>(a * inverses[i]), Codes<TLanes>(b * inverses[i]), ref Unsafe.Add(ref to, 2));
                from = ref Unsafe.Add(ref from, 32);
                to = ref Unsafe.Add(ref to, 22);
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
        int count = ScalarBlocks.Count<Q5_0>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref from, out Vector512<float> d))
            {
                return i;
            }

            (Vector512<int> a, Vector512<int> b) = FiveBits.Unpack<TLanes>(ref Unsafe.Add(ref from, 2));
            (Vector512.ConvertToSingle(a - Vector512.Create(16)) * d).StoreUnsafe(ref to);
            (Vector512.ConvertToSingle(b - Vector512.Create(16)) * d).StoreUnsafe(ref to, 16);
            from = ref Unsafe.Add(ref from, 22);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Codes<TLanes>(Vector512<float> scaled)
        where TLanes : struct, ILanes =>
        Vector512.Min(TLanes.Truncate(scaled + Vector512.Create(16.5f)), Vector512.Create(31));
}
