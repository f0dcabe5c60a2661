using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// NF4 (NormalFloat): 64 4-bit codes with one fp32 scale, 36 bytes. x ≈ m·v(q), m = max|x|, v the 16 values whose spread suits a normal
/// distribution, q that nearest to x ÷ m (a tie goes to the lower code). Layout: m (4 bytes, little-endian), then 32 bytes: byte i holds
/// element 2·i in its high and element 2·i + 1 in its low half.
/// A block of zeros has m = 0 and codes 7; so has one whose m is subnormal in binary32, with that m. −0 becomes +0.
/// Sources: Dettmers et al., "QLoRA" (2023), appendix E; bitsandbytes-foundation/bitsandbytes, bitsandbytes/backends/default/ops.py
/// (quantize_4bit), commit 0155ecc672fc. bitsandbytes keeps scales and codes in arrays of their own.
/// </summary>
public readonly struct Nf4 : IBlockFormat
{
    internal const int CodesAt = 4;

    /// <inheritdoc/>
    public static string Name => "nf4";

    /// <inheritdoc/>
    public static int BlockElements => 64;

    /// <inheritdoc/>
    public static int BlockBytes => 36;

    /// <summary>The value of each code.</summary>
    public static ReadOnlySpan<float> Values =>
    [
        -1f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
        -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1f,
    ];

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float greatest = BlockMath.MaxMagnitude(values[..64]);
        BinaryPrimitives.WriteSingleLittleEndian(block, greatest);
        float inverse = BlockMath.Inverse(greatest);
        for (int i = 0; i < 32; i++)
        {
            block[CodesAt + i] = (byte)((Code(values[2 * i] * inverse) << 4) | Code(values[(2 * i) + 1] * inverse));
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Nf4>(values.Length, blocks.Length);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
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
                Vector512<ulong> pairs = Codes(Vector512.LoadUnsafe(ref from, part * 16) * inverse).AsUInt64();
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, CodesAt + (part * 8)), Lanes.LowBytes((pairs << 4) | (pairs >> 32)));
            }

            from = ref Unsafe.Add(ref from, 64);
            to = ref Unsafe.Add(ref to, 36);
        }

        return count;
    }

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values)
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
            for (nuint part = 0; part < 4; part++)
            {
                Vector512<ulong> pairs = Lanes.WidenToLong(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, CodesAt + (part * 8))));
                Lanes.LookUp(table, ((pairs >> 4) | (pairs << 32)).AsUInt32()).StoreUnsafe(ref to, part * 16);
            }

            from = ref Unsafe.Add(ref from, 36);
            to = ref Unsafe.Add(ref to, 64);
        }

        return count;
    }

    /// <summary>The code of a value from −1 to 1: how many midpoints between neighbouring values lie below it.</summary>
    internal static int Code(float scaled)
    {
        int code = 0;
        for (int i = 0; i < 15; i++)
        {
            code += scaled > Midpoint(i) ? 1 : 0;
        }

        return code;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Codes(Vector512<float> scaled)
    {
        Vector512<uint> code = default;
        for (int i = 0; i < 15; i++)
        {
            code -= Vector512.GreaterThan(scaled, Vector512.Create(Midpoint(i))).AsUInt32();
        }

        return code;
    }

    private static float Midpoint(int code) => (Values[code] + Values[code + 1]) / 2;
}
