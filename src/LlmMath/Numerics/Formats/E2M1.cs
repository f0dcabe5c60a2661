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
        Vector512<uint> code = Above(m, 0.25f) + Above(m, 0.75f) + Above(m, 1.25f) + Above(m, 1.75f) + Above(m, 2.5f) + Above(m, 3.5f) + Above(m, 5f);
        Vector512<uint> sign = (values.AsUInt32() >> 28) & Vector512.Create(8u) & Vector512.GreaterThan(m, Vector512.Create(0.25f)).AsUInt32();
        return code | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Above(Vector512<float> magnitude, float bound) =>
        Vector512.GreaterThan(magnitude, Vector512.Create(bound)).AsUInt32() & Vector512<uint>.One;
}
