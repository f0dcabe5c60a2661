using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>The 4-bit codes that MXFP4 and NVFP4 share, as GGUF's encoder chooses them: the nearest, ties to the smaller
/// magnitude; what rounds to 0 is +0.</summary>
internal static class E2M1
{
    /// <summary>Twice the value of each code, a whole number.</summary>
    public static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>The code of a value. Midpoints times a scale of few digits are exact, so nothing is rounded on the way.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scale">A power of two or an E4M3; infinite where every code is to be 0.</param>
    public static int Code(float value, float scale)
    {
        float m = MathF.Abs(value);
        int code = (m > 0.25f * scale ? 1 : 0) + (m > 0.75f * scale ? 1 : 0) + (m > 1.25f * scale ? 1 : 0)
            + (m > 1.75f * scale ? 1 : 0) + (m > 2.5f * scale ? 1 : 0) + (m > 3.5f * scale ? 1 : 0) + (m > 5 * scale ? 1 : 0);
        return code == 0 || value > 0 ? code : code | 8;
    }

    /// <summary>The same of sixteen values that are divided by their scale already, exactly: it is a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Codes<TLanes>(Vector512<float> values)
        where TLanes : struct, ILanes
    {
        Vector512<float> m = Vector512.Abs(values);
        Vector512<int> bits = m.AsInt32();

        // From 1 on a code is exponent and fraction bit: half of its last digit, less one, is added and the rest cut off. Below 1
        // codes are halves: what lies up to ½ above a half goes to it.
        Vector512<int> normal =
            Vector512.Min(((bits + Vector512.Create(0x1F_FFFF)) >> 22) - Vector512.Create(126 << 1), Vector512.Create(7));
        Vector512<int> halves = TLanes.Truncate(Vector512.Ceiling(m + m - Vector512.Create(0.5f)));
        Vector512<int> code =
            Vector512.ConditionalSelect(Vector512.LessThan(bits, Vector512.Create(0x3F80_0000)), halves, normal);
        Vector512<int> sign = (values.AsInt32() >>> 28) & Vector512.Create(8)
            & Vector512.GreaterThan(m, Vector512.Create(0.25f)).AsInt32();
        return (code | sign).AsUInt32();
    }

    /// <summary>The same of sixteen values and their scales, by halving the midpoints that are left three times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Codes<TLanes>(Vector512<float> values, Vector512<float> scales)
        where TLanes : struct, ILanes
    {
        Vector512<float> m = Vector512.Abs(values);
        var midpoints = Vector512.Create(0.25f, 0.75f, 1.25f, 1.75f, 2.5f, 3.5f, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Vector512<uint> code = Above(Vector512.Create(1.75f), 4);
        code += Above(TLanes.LookUp(midpoints, code + Vector512<uint>.One), 2);
        code += Above(TLanes.LookUp(midpoints, code), 1);
        Vector512<uint> isZero = Vector512.Equals(code, Vector512<uint>.Zero);
        return code | Vector512.AndNot((values.AsUInt32() >> 28) & Vector512.Create(8u), isZero);

        Vector512<uint> Above(Vector512<float> midpoints, uint step) =>
            Vector512.GreaterThan(m, midpoints * scales).AsUInt32() & Vector512.Create(step);
    }
}
