using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// NF4 (NormalFloat): 64 4-bit codes with one fp32 scale, 36 bytes. x ≈ m·v(q), m = max|x|, v the 16 values whose spread suits a
/// normal distribution, q that nearest to x ÷ m (a tie goes to the lower code). Layout: m (4 bytes, little-endian), then 32
/// bytes: byte i holds element 2·i in its high and element 2·i + 1 in its low half.
/// A block of zeros has m = 0 and codes 7; one whose m is below 2⁻¹²⁸ has that m and codes 7. −0 becomes +0.
/// Sources: Dettmers et al., "QLoRA" (2023), appendix E; bitsandbytes-foundation/bitsandbytes,
/// bitsandbytes/backends/default/ops.py (quantize_4bit), commit 0155ecc672fc. bitsandbytes keeps scales and codes in arrays of
/// their own.
/// </summary>
public readonly struct Nf4 : IBlockFormat, IVectorForm
{
    internal const int CodesAt = 4;

    /// <inheritdoc/>
    public static string Name => "nf4";

    /// <inheritdoc/>
    public static int BlockElements => 64;

    /// <inheritdoc/>
    public static int BlockBytes => 36;

    private static readonly FourBitTable s_table = new(
    [
        -1f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
        -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1f,
    ], tiesGoUp: false);

    /// <summary>The value of each code.</summary>
    public static ReadOnlySpan<float> Values => s_table.Values;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float greatest = BlockMath.MaxMagnitude(values[..64]);
        BinaryPrimitives.WriteSingleLittleEndian(block, greatest);
        float inverse = BlockMath.Inverse(greatest);
        for (int i = 0; i < 32; i++)
        {
            block[CodesAt + i] =
                (byte)((s_table.Code(values[2 * i] * inverse) << 4) | s_table.Code(values[(2 * i) + 1] * inverse));
        }

        return float.IsFinite(greatest);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = BinaryPrimitives.ReadSingleLittleEndian(block);
        for (int i = 0; i < 32; i++)
        {
            values[2 * i] = Values[block[CodesAt + i] >> 4] * scale;
            values[(2 * i) + 1] = Values[block[CodesAt + i] & 15] * scale;
        }

        return float.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Nf4>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Nf4>(blocks, values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Nf4>(values.Length, blocks.Length);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        Vector512<float> midpoints = s_table.Midpoints;
        for (int i = 0; i < count; i++)
        {
            float greatest = MathF.Max(
                Lanes.MaxMagnitude(Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 16)),
                Lanes.MaxMagnitude(Vector512.LoadUnsafe(ref from, 32), Vector512.LoadUnsafe(ref from, 48)));
            if (!float.IsFinite(greatest))
            {
                return i;
            }

            Unsafe.WriteUnaligned(ref to, greatest);
            var inverse = Vector512.Create(BlockMath.Inverse(greatest));
            for (nuint part = 0; part < 4; part++)
            {
                // Pairs of codes as 64-bit numbers: the first in the low half, where it goes to the byte's high half.
                Vector512<ulong> pairs =
                    FourBitTable.Codes<TLanes>(Vector512.LoadUnsafe(ref from, part * 16) * inverse, midpoints).AsUInt64();
                Unsafe.WriteUnaligned(
                    ref Unsafe.Add(ref to, CodesAt + (part * 8)), TLanes.LowBytes((pairs << 4) | (pairs >> 32)));
            }

            from = ref Unsafe.Add(ref from, 64);
            to = ref Unsafe.Add(ref to, 36);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Nf4>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Vector512<float> unscaled = Vector512.Create(Values);
        for (int i = 0; i < count; i++)
        {
            float scale = Unsafe.ReadUnaligned<float>(ref from);
            if (!float.IsFinite(scale))
            {
                return i;
            }

            Vector512<float> table = unscaled * scale;
            DecodePart<TLanes>(table, ref from, ref to, 0);
            DecodePart<TLanes>(table, ref from, ref to, 1);
            DecodePart<TLanes>(table, ref from, ref to, 2);
            DecodePart<TLanes>(table, ref from, ref to, 3);
            from = ref Unsafe.Add(ref from, 36);
            to = ref Unsafe.Add(ref to, 64);
        }

        return count;
    }

    // Eight bytes of a block, sixteen values: each byte becomes a pair of lanes, the high half of it first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecodePart<TLanes>(Vector512<float> table, ref byte block, ref float values, nuint part)
        where TLanes : struct, ILanes
    {
        Vector512<ulong> pairs = TLanes.Widen(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref block, CodesAt + (part * 8))));
        TLanes.LookUp(table, ((pairs >> 4) | (pairs << 32)).AsUInt32()).StoreUnsafe(ref values, part * 16);
    }
}
