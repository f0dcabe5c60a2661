using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// Fits x ≈ d·s·(q − offset) over 256 values in 16 groups, as Q3_K and Q6_K store them, for the least squared error: a group's real scale by
/// least squares over several roundings, then its whole number, then the codes anew.
/// </summary>
internal static class SymmetricGroups
{
    private const int Groups = 16, Steps = 19;

    /// <summary>Fits one block. The scale comes out infinite or NaN where the values are, or are too large.</summary>
    /// <param name="values">256 values.</param>
    /// <param name="codeOffset">The code of 0: codes reach from 0 to twice it less one.</param>
    /// <param name="leastScale">The least s; the greatest is −1 less it.</param>
    /// <param name="scales">s of the 16 groups.</param>
    /// <param name="codes">q of each value.</param>
    /// <param name="d">The scale of the scales, as fp16 holds it.</param>
    public static void Fit(ReadOnlySpan<float> values, int codeOffset, int leastScale, Span<sbyte> scales, Span<byte> codes, out float d)
    {
        float greatest = BlockMath.MaxMagnitude(values);
        Span<float> unit = stackalloc float[values.Length], groupScales = stackalloc float[Groups];
        float size = BlockMath.Normalize(values, greatest, unit);
        int width = values.Length / Groups;
        for (int group = 0; group < Groups; group++)
        {
            groupScales[group] = FitGroup(unit.Slice(group * width, width), codeOffset);
        }

        d = BlockMath.RoundToFp16(BlockMath.OfGreatestMagnitude(groupScales) / leastScale * size);
        if (!float.IsFinite(greatest))
        {
            d = greatest;
        }

        if (!float.IsFinite(d))
        {
            return;
        }

        for (int group = 0; group < Groups; group++)
        {
            scales[group] = d == 0 ? (sbyte)0 : (sbyte)Math.Clamp(BlockMath.NearestInt(groupScales[group] * size / d), leastScale, -1 - leastScale);
            Encode(values.Slice(group * width, width), d * scales[group], codeOffset, codes.Slice(group * width, width));
        }
    }

    private static void Encode(ReadOnlySpan<float> values, float scale, int offset, Span<byte> codes)
    {
        float inverse = BlockMath.Inverse(scale);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)(BlockMath.NearestInt(Math.Clamp(values[i] * inverse, -offset, offset - 1)) + offset);
        }
    }

    // The value of greatest magnitude goes to the least code or near it. With codes given, the best scale is Σxq ÷ Σq², and it lowers the
    // squared error by (Σxq)² ÷ Σq².
    private static float FitGroup(ReadOnlySpan<float> x, int offset)
    {
        float peak = BlockMath.OfGreatestMagnitude(x), best = 0, bestGain = 0;
        if (peak == 0)
        {
            return 0;
        }

        Vector512<float> v = Vector512.Create(x), least = Vector512.Create((float)-offset), greatest = Vector512.Create((float)(offset - 1));
        for (int step = 0; step < Steps; step++)
        {
            float inverse = -(offset + (0.1f * (step - (Steps / 2)))) / peak;
            Vector512<float> q = Vector512.Min(Vector512.Max(Lanes.Round(v * inverse), least), greatest);
            float sumXQ = Lanes.Sum(v * q), sumQQ = Lanes.Sum(q * q);
            if (sumQQ > 0 && sumXQ * sumXQ > bestGain * sumQQ)
            {
                (best, bestGain) = (sumXQ / sumQQ, sumXQ * sumXQ / sumQQ);
            }
        }

        return best;
    }
}
