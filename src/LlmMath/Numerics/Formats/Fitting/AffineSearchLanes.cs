using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>The vector form of <see cref="AffineSearch.Fit"/>: sixteen groups at a time, one in each lane, so that every sum
/// keeps its order.</summary>
internal static class AffineSearchLanes
{
    /// <summary>The scales and minimums of sixteen groups.</summary>
    /// <param name="search">How to look for them.</param>
    /// <param name="x">Element i of every group at i, 16 or 32 of them.</param>
    /// <param name="scales">Where the 16 scales go.</param>
    /// <param name="mins">Where the 16 minimums go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fit(AffineSearch search, ReadOnlySpan<Vector512<float>> x, Span<float> scales, Span<float> mins)
    {
        Span<Vector512<float>> weights = stackalloc Vector512<float>[x.Length], codes = stackalloc Vector512<float>[x.Length];
        Weigh(search, x, weights);
        Vector512<float> least = x[0], greatest = x[0], sumW = weights[0], sumX = sumW * x[0];
        for (int i = 1; i < x.Length; i++)
        {
            least = Vector512.ConditionalSelect(Vector512.LessThan(x[i], least), x[i], least);
            greatest = Vector512.ConditionalSelect(Vector512.GreaterThan(x[i], greatest), x[i], greatest);
            sumW += weights[i];
            sumX += weights[i] * x[i];
        }

        least = Vector512.ConditionalSelect(Vector512.GreaterThan(least, Vector512<float>.Zero), Vector512<float>.Zero, least);
        Vector512<float> first = least, isConstant = Vector512.Equals(greatest, least),
            inverse = Vector512.Create((float)search.MaxCode) / (greatest - least), bestScale = Vector512<float>.One / inverse;
        _ = Encode(x, weights, codes, least, inverse, search.MaxCode);
        Vector512<float> bestError = Error(x, weights, codes, bestScale, least, search.IsAbsolute);
        for (int step = 0; step <= search.Steps; step++)
        {
            inverse = Vector512.Create(search.Divisor(step)) / (greatest - least);
            (Vector512<float> sumQ, Vector512<float> sumQQ, Vector512<float> sumXQ) =
                Encode(x, weights, codes, least, inverse, search.MaxCode);
            Vector512<float> determinant = (sumW * sumQQ) - (sumQ * sumQ),
                scale = ((sumW * sumXQ) - (sumX * sumQ)) / determinant, offset = ((sumQQ * sumX) - (sumQ * sumXQ)) / determinant;
            Vector512<float> isAbove = Vector512.GreaterThan(offset, Vector512<float>.Zero);
            scale = Vector512.ConditionalSelect(isAbove, sumXQ / sumQQ, scale);
            offset = Vector512.ConditionalSelect(isAbove, Vector512<float>.Zero, offset);
            Vector512<float> error = Error(x, weights, codes, scale, offset, search.IsAbsolute);
            Vector512<float> isBetter =
                Vector512.GreaterThan(determinant, Vector512<float>.Zero) & Vector512.LessThan(error, bestError);
            bestError = Vector512.ConditionalSelect(isBetter, error, bestError);
            bestScale = Vector512.ConditionalSelect(isBetter, scale, bestScale);
            least = Vector512.ConditionalSelect(isBetter, offset, least);
        }

        Vector512.ConditionalSelect(isConstant, Vector512<float>.Zero, bestScale).CopyTo(scales);
        (-Vector512.ConditionalSelect(isConstant, first, least)).CopyTo(mins);
    }

    private static void Weigh(AffineSearch search, ReadOnlySpan<Vector512<float>> x, Span<Vector512<float>> weights)
    {
        Vector512<float> squares = default;
        foreach (Vector512<float> value in x)
        {
            squares += value * value;
        }

        Vector512<float> root = search.IsAbsolute ? default : Vector512.Sqrt(squares / Vector512.Create((float)x.Length));
        for (int i = 0; i < x.Length; i++)
        {
            weights[i] = root + Vector512.Abs(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Q, Vector512<float> QQ, Vector512<float> XQ) Encode(
        ReadOnlySpan<Vector512<float>> x, ReadOnlySpan<Vector512<float>> weights, Span<Vector512<float>> codes,
        Vector512<float> least, Vector512<float> inverse, int maxCode)
    {
        Vector512<float> sumQ = default, sumQQ = default, sumXQ = default;
        for (int i = 0; i < codes.Length; i++)
        {
            Vector512<float> q =
                Vector512.ConvertToSingle(Lanes.Clamp(Lanes.NearestInt(inverse * (x[i] - least)), 0, maxCode)),
                    wq = weights[i] * q;
            codes[i] = q;
            sumQ += wq;
            sumQQ += wq * q;
            sumXQ += wq * x[i];
        }

        return (sumQ, sumQQ, sumXQ);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Error(
        ReadOnlySpan<Vector512<float>> x, ReadOnlySpan<Vector512<float>> weights, ReadOnlySpan<Vector512<float>> codes,
        Vector512<float> scale, Vector512<float> offset, bool isAbsolute)
    {
        Vector512<float> error = default;
        for (int i = 0; i < codes.Length; i++)
        {
            Vector512<float> difference = (scale * codes[i]) + offset - x[i];
            error += weights[i] * (isAbsolute ? Vector512.Abs(difference) : difference * difference);
        }

        return error;
    }
}
