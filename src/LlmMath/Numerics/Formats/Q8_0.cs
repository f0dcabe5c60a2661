using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's Q8_0: 32 signed 8-bit codes with one fp16 scale d, 34 bytes. x ≈ d·q, d = max|x| ÷ 127, q = x·(1 ÷ d) rounded to
/// the nearest, ties away from 0, as the format's own encoder has it: codes from −127 to 127. The codes follow from d before it
/// is rounded to fp16.
/// Layout: d (2 bytes, little-endian), q₀ … q₃₁ (1 byte each).
/// A block of zeros has d = 0. Where d is below 2⁻¹²⁸ the codes are 0. −0 becomes +0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q8_0) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q8_0 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "q8_0";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 34;

    /// <summary>Where the codes begin in a block.</summary>
    internal const int CodesAt = 2;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = BlockMath.MaxMagnitude(values[..32]) / 127;
        ushort scale = Fp16.FromSingle(d);
        if (!Fp16.IsFinite(scale))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = block.Slice(CodesAt, 32);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = unchecked((byte)(int)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(block);
        float d = Fp16.ToSingle(scale);
        ReadOnlySpan<byte> codes = block.Slice(CodesAt, 32);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = unchecked((sbyte)codes[i]) * d;
        }

        return Fp16.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Q8_0>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Q8_0>(blocks, values);

    // The scales of sixteen blocks first, together, then the codes of each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Q8_0>(values.Length, blocks.Length);
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
                greatest[i] = Lanes.MaxMagnitude(a, b);
            }

            int good = ScaleLanes.Encode<TLanes>(Vector512.Create<float>(greatest) / Vector512.Create(127f), scales, inverses);
            for (int i = 0; i < Math.Min(good, together); i++)
            {
                Unsafe.WriteUnaligned(ref to, scales[i]);
                Vector512<float> a = Vector512.LoadUnsafe(ref from), b = Vector512.LoadUnsafe(ref from, 16);
                TLanes.LowBytes(Lanes.NearestIntAway<TLanes>(a * inverses[i]).AsUInt32()).StoreUnsafe(ref to, CodesAt);
                TLanes.LowBytes(Lanes.NearestIntAway<TLanes>(b * inverses[i]).AsUInt32()).StoreUnsafe(ref to, CodesAt + 16);
                from = ref Unsafe.Add(ref from, 32);
                to = ref Unsafe.Add(ref to, 34);
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
        int count = ScalarBlocks.Count<Q8_0>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < count; i++)
        {
            if (!ScaleLanes.TryDecode(ref from, out Vector512<float> d))
            {
                return i;
            }

            Vector512<int> a = TLanes.Widen(Vector128.LoadUnsafe(ref from, CodesAt).AsSByte()),
                b = TLanes.Widen(Vector128.LoadUnsafe(ref from, CodesAt + 16).AsSByte());
            (Vector512.ConvertToSingle(a) * d).StoreUnsafe(ref to);
            (Vector512.ConvertToSingle(b) * d).StoreUnsafe(ref to, 16);
            from = ref Unsafe.Add(ref from, 34);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }
}
