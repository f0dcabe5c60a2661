using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Vectors;

/// <summary>
/// Steps on sixteen lanes that the vector forms share and that are the same on every processor. A <see cref="Vector512{T}"/> is
/// sixteen floats on any machine: one register with AVX-512, two with AVX2, four with SSE or NEON.
/// </summary>
internal static class Lanes
{
    /// <summary>The nearest integers, ties to even, as <see cref="BlockMath.NearestInt"/> has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> NearestInt(Vector512<float> x) =>
        ((x + Vector512.Create(BlockMath.RoundingShift)).AsInt32() & Vector512.Create(BlockMath.RoundedBits))
            - Vector512.Create(BlockMath.RoundedZero);

    /// <summary>Numbers between two others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Clamp(Vector512<int> x, int least, int greatest) =>
        Vector512.Min(Vector512.Max(x, Vector512.Create(least)), Vector512.Create(greatest));

    /// <summary>The nearest integers, ties away from 0: the number below ½ is added, so that what is less than half does not
    /// become half by rounding. Domain: |x| below 2²².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> NearestIntAway<TLanes>(Vector512<float> x)
        where TLanes : struct, ILanes
    {
        var belowHalf = Vector512.Create(0.49999997f);
        return TLanes.Truncate(x + (belowHalf | (x & Vector512.Create(-0f))));
    }

    /// <summary>The greatest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Max(Vector512<int> x)
    {
        Vector256<int> eight = Vector256.Max(x.GetLower(), x.GetUpper());
        Vector128<int> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>The greatest magnitude of 32 values; NaN where any is NaN, since its bits count above infinity's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxMagnitude(Vector512<float> a, Vector512<float> b) =>
        BitConverter.Int32BitsToSingle(Max(Vector512.Max(Vector512.Abs(a).AsInt32(), Vector512.Abs(b).AsInt32())));

    /// <summary>Which of 32 values is the first of a magnitude; the bits are compared, so that a NaN is found too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstOfMagnitude(Vector512<float> a, Vector512<float> b, float magnitude)
    {
        var bits = Vector512.Create(BitConverter.SingleToInt32Bits(magnitude));
        ulong inA = Vector512.Equals(Vector512.Abs(a).AsInt32(), bits).ExtractMostSignificantBits();
        ulong inB = Vector512.Equals(Vector512.Abs(b).AsInt32(), bits).ExtractMostSignificantBits();
        return BitOperations.TrailingZeroCount(inA | (inB << 16));
    }

    /// <summary>The least and the greatest of 32 values, of which −0 is below 0; one of them is not finite where any value is
    /// not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float Min, float Max) Range(Vector512<float> a, Vector512<float> b)
    {
        Vector512<int> x = Ordered(a.AsInt32()), y = Ordered(b.AsInt32());
        return (Value(~Max(~Vector512.Min(x, y))), Value(Max(Vector512.Max(x, y))));
    }

    /// <summary>The same of any number of values, 1 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Min, float Max) Range(ReadOnlySpan<float> values)
    {
        if (values.Length < Vector512<float>.Count)
        {
            return BlockMath.Range(values);
        }

        Vector512<int> least = Ordered(Vector512.Create(values).AsInt32()), greatest = least;
        for (; values.Length >= Vector512<float>.Count; values = values[Vector512<float>.Count..])
        {
            Vector512<int> x = Ordered(Vector512.Create(values).AsInt32());
            (least, greatest) = (Vector512.Min(least, x), Vector512.Max(greatest, x));
        }

        (int min, int max) = (~Max(~least), Max(greatest));
        foreach (float value in values)
        {
            int x = Ordered(BitConverter.SingleToInt32Bits(value));
            (min, max) = (Math.Min(min, x), Math.Max(max, x));
        }

        return (Value(min), Value(max));
    }

    /// <summary>The greatest magnitude; NaN where any value is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        Vector512<int> greatest = default;
        for (; values.Length >= Vector512<float>.Count; values = values[Vector512<float>.Count..])
        {
            greatest = Vector512.Max(greatest, Vector512.Abs(Vector512.Create(values)).AsInt32());
        }

        return MathF.Max(BitConverter.Int32BitsToSingle(Max(greatest)), BlockMath.MaxMagnitude(values));
    }

    // Floats count as integers do once the bits below a negative one's sign are turned over; twice turned over they are as
    // before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Ordered(Vector512<int> bits) => bits ^ ((bits >> 31) & Vector512.Create(int.MaxValue));

    private static int Ordered(int bits) => bits ^ ((bits >> 31) & int.MaxValue);

    private static float Value(int ordered) => BitConverter.Int32BitsToSingle(Ordered(ordered));
}
