using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// How Q2_K, Q4_K and Q5_K look for a group's scale and minimum. x ≈ scale·q − min, min at least 0. Codes are chosen for steps of
/// the range divided by MaxCode + First, + First + 0.1, …; with codes given, the best scale and minimum solve the normal
/// equations of a weighted line; the pair of the least weighted error stays, and where it moves the minimum the next steps start
/// there. Every sum is taken in the order of the elements and every operation rounded by itself, so that the bytes are those of
/// GGUF's own encoder. Source: ggml-org/ggml, src/ggml-quants.c (make_qkx2_quants), commit d99724f2b141.
/// </summary>
/// <param name="MaxCode">The greatest code.</param>
/// <param name="MaxScale">The greatest whole number of a group's scale and minimum.</param>
/// <param name="First">The first step.</param>
/// <param name="Steps">Steps after the first.</param>
/// <param name="IsAbsolute">Whether errors count by their magnitude (weights: |x|) or their square (weights: |x| and the root
/// mean square of the group).</param>
internal readonly record struct AffineSearch(int MaxCode, int MaxScale, float First, int Steps, bool IsAbsolute)
{
    /// <summary>The scalar definition: the scale and minimum of one group.</summary>
    /// <param name="x">The group, 32 values at most.</param>
    /// <param name="codes">Where the codes go that they were found with.</param>
    public (float Scale, float Min) Fit(ReadOnlySpan<float> x, Span<byte> codes)
    {
        codes = codes[..x.Length];
        codes.Clear();
        Span<float> weights = stackalloc float[x.Length];
        Weigh(x, weights);
        float least = x[0], greatest = x[0], sumW = weights[0], sumX = sumW * x[0];
        for (int i = 1; i < x.Length; i++)
        {
            least = x[i] < least ? x[i] : least;
            greatest = x[i] > greatest ? x[i] : greatest;
            sumW += weights[i];
            sumX += weights[i] * x[i];
        }

        least = least > 0 ? 0 : least;
        if (greatest == least)
        {
            return (0, -least);
        }

        Span<byte> tried = stackalloc byte[x.Length];
        float inverse = MaxCode / (greatest - least), bestScale = 1 / inverse;
        Encode(x, least, inverse, codes);
        float bestError = Error(x, weights, codes, bestScale, least);
        for (int step = 0; step <= Steps; step++)
        {
            Encode(x, least, Divisor(step) / (greatest - least), tried);
            float sumQ = 0, sumQQ = 0, sumXQ = 0;
            for (int i = 0; i < x.Length; i++)
            {
                float wq = weights[i] * tried[i];
                sumQ += wq;
                sumQQ += wq * tried[i];
                sumXQ += wq * x[i];
            }

            float determinant = (sumW * sumQQ) - (sumQ * sumQ);
            if (!(determinant > 0))
            {
                continue;
            }

            float scale = ((sumW * sumXQ) - (sumX * sumQ)) / determinant,
                offset = ((sumQQ * sumX) - (sumQ * sumXQ)) / determinant;
            if (offset > 0)
            {
                // The line would start above 0: the best that goes through 0.
                (scale, offset) = (sumXQ / sumQQ, 0);
            }

            float error = Error(x, weights, tried, scale, offset);
            if (error < bestError)
            {
                (bestError, bestScale, least) = (error, scale, offset);
                tried.CopyTo(codes);
            }
        }

        return (bestScale, -least);
    }

    /// <summary>How many codes the range is divided into in a step.</summary>
    public float Divisor(int step) => First + (0.1f * step) + MaxCode;

    private void Weigh(ReadOnlySpan<float> x, Span<float> weights)
    {
        float squares = 0;
        foreach (float value in x)
        {
            squares += value * value;
        }

        float root = IsAbsolute ? 0 : MathF.Sqrt(squares / x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            weights[i] = root + MathF.Abs(x[i]);
        }
    }

    private void Encode(ReadOnlySpan<float> x, float least, float inverse, Span<byte> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)Math.Clamp(BlockMath.NearestInt(inverse * (x[i] - least)), 0, MaxCode);
        }
    }

    private float Error(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<byte> codes, float scale, float offset)
    {
        float error = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            float difference = (scale * codes[i]) + offset - x[i];
            error += weights[i] * (IsAbsolute ? MathF.Abs(difference) : difference * difference);
        }

        return error;
    }
}
