using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>Sixteen ascending values, one for each four-bit code, and the code of the nearest: how many midpoints between
/// neighbours lie below a number.</summary>
internal sealed class FourBitTable
{
    private readonly float[] _midpoints = new float[16];

    /// <summary>Makes a table of sixteen ascending values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="tiesGoUp">Whether a midpoint itself goes to the upper code; if not, to the lower.</param>
    public FourBitTable(ReadOnlySpan<float> values, bool tiesGoUp)
    {
        for (int code = 0; code < 15; code++)
        {
            float middle = (values[code] + values[code + 1]) / 2;
            _midpoints[code] = tiesGoUp ? MathF.BitDecrement(middle) : middle;
        }

        _midpoints[15] = float.PositiveInfinity;
        Values = values.ToArray();
    }

    /// <summary>The value of each code.</summary>
    public float[] Values { get; }

    /// <summary>The midpoints, then infinity.</summary>
    public Vector512<float> Midpoints => Vector512.Create(_midpoints);

    /// <summary>The code of the nearest value.</summary>
    public int Code(float number)
    {
        int code = 0;
        foreach (float midpoint in _midpoints)
        {
            code += number > midpoint ? 1 : 0;
        }

        return code;
    }

    /// <summary>The codes of sixteen numbers, by halving the midpoints that are left four times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Codes<TLanes>(Vector512<float> numbers, Vector512<float> midpoints)
        where TLanes : struct, ILanes
    {
        Vector512<uint> code = Above(numbers, TLanes.LookUp(midpoints, Vector512.Create(7u)), 8);
        code += Above(numbers, TLanes.LookUp(midpoints, code + Vector512.Create(3u)), 4);
        code += Above(numbers, TLanes.LookUp(midpoints, code + Vector512<uint>.One), 2);
        return code + Above(numbers, TLanes.LookUp(midpoints, code), 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Above(Vector512<float> numbers, Vector512<float> bound, uint step) =>
        Vector512.GreaterThan(numbers, bound).AsUInt32() & Vector512.Create(step);
}
