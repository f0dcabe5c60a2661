using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// How Q4_K and Q5_K store 8 scales and 8 minimums of six bits in 12 bytes: byte j (0 to 3) has sⱼ in its low six bits, byte 4 +
/// j has mⱼ; byte 8 + j has the low four bits of sⱼ₊₄ and of mⱼ₊₄, whose high two stand above sⱼ and mⱼ.
/// Source: ggml-org/ggml, src/ggml-quants.c (get_scale_min_k4), commit d99724f2b141.
/// </summary>
internal static class SixBitScales
{
    public static void Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> mins, Span<byte> packed)
    {
        for (int j = 0; j < 4; j++)
        {
            packed[j] = (byte)(scales[j] | (scales[j + 4] >> 4 << 6));
            packed[j + 4] = (byte)(mins[j] | (mins[j + 4] >> 4 << 6));
            packed[j + 8] = (byte)((scales[j + 4] & 15) | ((mins[j + 4] & 15) << 4));
        }
    }

    public static (int Scale, int Min) Unpack(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : ((packed[group + 4] & 15) | (packed[group - 4] >> 6 << 4), (packed[group + 4] >> 4) | (packed[group] >> 6 << 4));

    /// <summary>Decodes the scales as multiples of d and the minimums as multiples of dmin: the first eight of each
    /// span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode<TLanes>(
        ref byte packed, Vector512<float> d, Vector512<float> dmin, Span<float> scales, Span<float> mins)
        where TLanes : struct, ILanes
    {
        uint first = Unsafe.ReadUnaligned<uint>(ref packed), second = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref packed, 4)),
            third = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref packed, 8));
        const uint Six = 0x3F3F_3F3F, Four = 0x0F0F_0F0F, Two = 0x0303_0303;
        Vector128<byte> numbers = Vector128.Create(
            first & Six, (third & Four) | (((first >> 6) & Two) << 4),
            second & Six, ((third >> 4) & Four) | (((second >> 6) & Two) << 4)).AsByte();
        Vector512<float> whole = Vector512.ConvertToSingle(TLanes.Widen(numbers).AsInt32());
        (whole.GetLower() * d.GetLower()).CopyTo(scales);
        (whole.GetUpper() * dmin.GetLower()).CopyTo(mins);
    }
}
