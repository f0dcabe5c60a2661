using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// GGUF's Q8_0: 32 signed 8-bit codes with one fp16 scale d, 34 bytes. x ≈ d·q, d = max|x| ÷ 127, q = x ÷ d rounded to the nearest, ties to
/// even: codes from −127 to 127. Layout: d (2 bytes, little-endian), q₀ … q₃₁ (1 byte each).
/// A block of zeros has d = 0. Where d is subnormal in binary32 the codes are 0. −0 becomes +0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q8_0) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q8_0 : IBlockFormat
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
            codes[i] = unchecked((byte)BlockMath.NearestInt(values[i] * inverse));
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Q8_0>(values.Length, blocks.Length);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        for (int i = 0; i < count; i++)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref from), b = Vector512.LoadUnsafe(ref from, 16);
            float d = Lanes.MaxMagnitude(a, b) / 127;
            ushort scale = Fp16.FromSingle(d);
            if (!Fp16.IsFinite(scale))
            {
                return i;
            }

            var inverse = Vector512.Create(BlockMath.Inverse(d));
            Unsafe.WriteUnaligned(ref to, scale);
            Lanes.LowBytes(Lanes.NearestInt(a * inverse)).StoreUnsafe(ref to, CodesAt);
            Lanes.LowBytes(Lanes.NearestInt(b * inverse)).StoreUnsafe(ref to, CodesAt + 16);
            from = ref Unsafe.Add(ref from, 32);
            to = ref Unsafe.Add(ref to, 34);
        }

        return count;
    }

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Q8_0>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < count; i++)
        {
            ushort scale = Unsafe.ReadUnaligned<ushort>(ref from);
            if (!Fp16.IsFinite(scale))
            {
                return i;
            }

            var d = Vector512.Create(Fp16.ToSingle(scale));
            Vector512<int> a = Lanes.Widen(Vector128.LoadUnsafe(ref from, CodesAt).AsSByte()), b = Lanes.Widen(Vector128.LoadUnsafe(ref from, CodesAt + 16).AsSByte());
            (Vector512.ConvertToSingle(a) * d).StoreUnsafe(ref to);
            (Vector512.ConvertToSingle(b) * d).StoreUnsafe(ref to, 16);
            from = ref Unsafe.Add(ref from, 34);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }
}
