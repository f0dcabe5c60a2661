using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>Q4_1 and Q5_1, whose blocks are 32 values between their least and their greatest, sixteen at a time.</summary>
internal static class AffineLanes
{
    /// <summary>Writes d and m and gives the codes of elements 0 to 15 and of 16 to 31; false where a scale is not
    /// finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryEncode<TLanes>(
        ReadOnlySpan<float> values, Span<byte> block, int maxCode, out Vector512<int> a, out Vector512<int> b)
        where TLanes : struct, ILanes
    {
        Vector512<float> x = Vector512.Create(values), y = Vector512.Create(values[16..]);
        (float min, float max) = Lanes.Range(x, y);
        if (min == 0)
        {
            // Of 0 and −0 the first counts.
            (min, max) = BlockMath.Range(values);
        }

        float d = (max - min) / maxCode;
        a = b = default;
        if (!Fp16Scales.TryWrite(block, d, min))
        {
            return false;
        }

        a = Codes<TLanes>(x, min, BlockMath.Inverse(d), maxCode);
        b = Codes<TLanes>(y, min, BlockMath.Inverse(d), maxCode);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Codes<TLanes>(Vector512<float> x, float min, float inverse, int maxCode)
        where TLanes : struct, ILanes => Vector512.Min(
            TLanes.Truncate(((x - Vector512.Create(min)) * inverse) + Vector512.Create(0.5f)), Vector512.Create(maxCode));
}
