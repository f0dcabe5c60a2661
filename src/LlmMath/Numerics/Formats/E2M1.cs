using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>The 4-bit codes that MXFP4 and NVFP4 share.</summary>
internal static class E2M1
{
    /// <summary>Twice the value of each code, a whole number.</summary>
    public static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>The nearest code, ties to the smaller magnitude; what rounds to 0 is +0.</summary>
    public static int CodeTowardsZero(float value)
    {
        float m = MathF.Abs(value);
        int code = (m > 0.25f ? 1 : 0) + (m > 0.75f ? 1 : 0) + (m > 1.25f ? 1 : 0) + (m > 1.75f ? 1 : 0)
            + (m > 2.5f ? 1 : 0) + (m > 3.5f ? 1 : 0) + (m > 5f ? 1 : 0);
        return code == 0 || value > 0 ? code : code | 8;
    }

    /// <summary>The same of sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> CodesTowardsZero(Vector512<float> values)
    {
        Vector512<float> m = Vector512.Abs(values);
        Vector512<int> bits = m.AsInt32();

        // From 1 on a code is exponent and fraction bit: half of its last digit, less one, is added and the rest cut off. Below 1
        // codes are halves: what lies up to ½ above a half goes to it.
        Vector512<int> normal =
            Vector512.Min(((bits + Vector512.Create(0x1F_FFFF)) >> 22) - Vector512.Create(126 << 1), Vector512.Create(7));
        Vector512<int> halves = Lanes.Truncate(Vector512.Ceiling(m + m - Vector512.Create(0.5f))).AsInt32();
        Vector512<int> code =
            Vector512.ConditionalSelect(Vector512.LessThan(bits, Vector512.Create(0x3F80_0000)), halves, normal);
        Vector512<int> sign = (values.AsInt32() >>> 28) & Vector512.Create(8)
            & Vector512.GreaterThan(m, Vector512.Create(0.25f)).AsInt32();
        return (code | sign).AsUInt32();
    }
}
