using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// Fits x ≈ d·s·q − dmin·m over 256 values in groups, as Q2_K, Q4_K and Q5_K store them, for the least squared error: a group's real scale
/// and minimum by least squares over several roundings, then their whole numbers, then the codes anew.
/// </summary>
internal static class AffineGroups
{
    private const int Steps = 21;

    /// <summary>Fits one block. Scales come out infinite or NaN where the values are, or are too large.</summary>
    /// <param name="values">256 values.</param>
    /// <param name="maxCode">The greatest code q.</param>
    /// <param name="maxScale">The greatest s and m.</param>
    /// <param name="scales">s of each group: as many as there are groups.</param>
    /// <param name="mins">m of each group.</param>
    /// <param name="codes">q of each value.</param>
    /// <param name="d">The scale of the scales, as fp16 holds it.</param>
    /// <param name="dmin">The scale of the minimums, as fp16 holds it.</param>
    public static void Fit(
        ReadOnlySpan<float> values, int maxCode, int maxScale, Span<byte> scales, Span<byte> mins, Span<byte> codes, out float d, out float dmin)
    {
        float greatest = BlockMath.MaxMagnitude(values);
        Span<float> unit = stackalloc float[values.Length], groupScales = stackalloc float[scales.Length], groupMins = stackalloc float[scales.Length];
        float size = BlockMath.Normalize(values, greatest, unit);
        int width = values.Length / scales.Length;
        for (int group = 0; group < scales.Length; group++)
        {
            (groupScales[group], groupMins[group]) = FitGroup(unit.Slice(group * width, width), maxCode);
        }

        d = BlockMath.RoundToFp16(BlockMath.MaxMagnitude(groupScales) / maxScale * size);
        dmin = BlockMath.RoundToFp16(BlockMath.MaxMagnitude(groupMins) / maxScale * size);
        if (!float.IsFinite(greatest))
        {
            d = greatest;
        }

        if (!float.IsFinite(d) || !float.IsFinite(dmin))
        {
            return;
        }

        for (int group = 0; group < scales.Length; group++)
        {
            ReadOnlySpan<float> x = values.Slice(group * width, width);
            int scale = WholeNumber(groupScales[group] * size, d, maxScale), min = WholeNumber(groupMins[group] * size, dmin, maxScale);
            (scales[group], mins[group]) = BestNeighbours(x, scale, min, d, dmin, maxCode, maxScale);
            Encode(x, d * scales[group], dmin * mins[group], maxCode, codes.Slice(group * width, width));
        }
    }

    private static int WholeNumber(float real, float unit, int max) => unit == 0 ? 0 : Math.Min(max, BlockMath.NearestInt(real / unit));

    // Rounded one by one, scale and minimum need not be the best pair: their neighbours are tried.
    private static (byte Scale, byte Min) BestNeighbours(ReadOnlySpan<float> x, int scale, int min, float d, float dmin, int maxCode, int maxScale)
    {
        float bestError = float.PositiveInfinity;
        (byte Scale, byte Min) best = default;
        for (int s = Math.Max(0, scale - 1); s <= Math.Min(maxScale, scale + 1); s++)
        {
            float inverse = BlockMath.Inverse(d * s);
            for (int m = Math.Max(0, min - 1); m <= Math.Min(maxScale, min + 1); m++)
            {
                float error = Error(x, -dmin * m, inverse, maxCode, d * s, -dmin * m);
                if (error < bestError)
                {
                    (bestError, best) = (error, ((byte)s, (byte)m));
                }
            }
        }

        return best;
    }

    private static void Encode(ReadOnlySpan<float> values, float scale, float min, int maxCode, Span<byte> codes)
    {
        float inverse = BlockMath.Inverse(scale);
        for (int i = 0; i < codes.Length; i += 16)
        {
            Lanes.LowBytes(Lanes.Truncate(Codes(Vector512.Create(values.Slice(i, 16)), -min, inverse, maxCode))).CopyTo(codes[i..]);
        }
    }

    // x ≈ scale·q − min with min at least 0: for each step width the codes follow, from the codes the best scale and min (the normal
    // equations of a line), and the pair with the least squared error stays.
    private static (float Scale, float Min) FitGroup(ReadOnlySpan<float> x, int maxCode)
    {
        (float least, float greatest) = BlockMath.Range(x);
        least = MathF.Min(least, 0);
        if (!(greatest > least))
        {
            return (0, -least);
        }

        float sumX = Sum(x), bestError = float.PositiveInfinity;
        (float Scale, float Min) best = (0, -least);
        for (int step = 0; step < Steps; step++)
        {
            float inverse = (maxCode - 1 + (0.1f * step)) / (greatest - least);
            (float sumQ, float sumQQ, float sumXQ) = Sums(x, least, inverse, maxCode);
            float determinant = (x.Length * sumQQ) - (sumQ * sumQ);
            if (determinant <= 0)
            {
                continue;
            }

            float scale = ((x.Length * sumXQ) - (sumX * sumQ)) / determinant, offset = ((sumQQ * sumX) - (sumQ * sumXQ)) / determinant;
            if (offset > 0)
            {
                (scale, offset) = (sumXQ / sumQQ, 0);
            }

            float error = Error(x, least, inverse, maxCode, scale, offset);
            if (error < bestError)
            {
                (bestError, best) = (error, (scale, -offset));
            }
        }

        return best;
    }

    private static float Sum(ReadOnlySpan<float> x)
    {
        Vector512<float> sum = default;
        for (int i = 0; i < x.Length; i += 16)
        {
            sum += Vector512.Create(x.Slice(i, 16));
        }

        return Lanes.Sum(sum);
    }

    private static (float Q, float QQ, float XQ) Sums(ReadOnlySpan<float> x, float least, float inverse, int maxCode)
    {
        Vector512<float> sumQ = default, sumQQ = default, sumXQ = default;
        for (int i = 0; i < x.Length; i += 16)
        {
            Vector512<float> v = Vector512.Create(x.Slice(i, 16)), q = Codes(v, least, inverse, maxCode);
            sumQ += q;
            sumQQ += q * q;
            sumXQ += v * q;
        }

        return (Lanes.Sum(sumQ), Lanes.Sum(sumQQ), Lanes.Sum(sumXQ));
    }

    private static float Error(ReadOnlySpan<float> x, float least, float inverse, int maxCode, float scale, float offset)
    {
        Vector512<float> sum = default;
        for (int i = 0; i < x.Length; i += 16)
        {
            Vector512<float> v = Vector512.Create(x.Slice(i, 16));
            Vector512<float> difference = (Codes(v, least, inverse, maxCode) * scale) + Vector512.Create(offset) - v;
            sum += difference * difference;
        }

        return Lanes.Sum(sum);
    }

    private static Vector512<float> Codes(Vector512<float> x, float least, float inverse, int maxCode) => Lanes.Round(
        Vector512.Min(Vector512.Max((x - Vector512.Create(least)) * inverse, Vector512<float>.Zero), Vector512.Create((float)maxCode)));
}
