using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// How Q6_K looks for a group's scale, x ≈ scale·(q − 32): the value of greatest magnitude goes to the least code or near it, in
/// 19 steps; with codes given, the best scale is Σwxq ÷ Σwq², w = x², and of the steps the one stays that makes (Σwxq)² ÷ Σwq²
/// greatest. Every sum is taken in the order of the elements and every operation rounded by itself, so that the bytes are those
/// of GGUF's own encoder.
/// Source: ggml-org/ggml, src/ggml-quants.c (make_qx_quants), commit d99724f2b141.
/// </summary>
internal static class ScaleSearch
{
    /// <summary>The code of 0.</summary>
    public const int Offset = 32;

    /// <summary>A group below this in magnitude is zeros.</summary>
    public const float Epsilon = 1e-15f;

    private const int Steps = 9;

    /// <summary>The scalar definition.</summary>
    /// <param name="x">The group, 16 values.</param>
    /// <param name="codes">Where the codes go that the scale was found with.</param>
    public static float Fit(ReadOnlySpan<float> x, Span<byte> codes)
    {
        float peak = BlockMath.OfGreatestMagnitude(x);
        codes.Clear();
        if (MathF.Abs(peak) < Epsilon)
        {
            return 0;
        }

        float inverse = Inverse(0) / peak;
        (float sumXQ, float sumQQ) = Sums(x, inverse);
        float scale = sumQQ == 0 ? 0 : sumXQ / sumQQ, best = scale * sumXQ;
        for (int step = -Steps; step <= Steps; step++)
        {
            (sumXQ, sumQQ) = Sums(x, Inverse(step) / peak);
            if (step != 0 && sumQQ > 0 && sumXQ * sumXQ > best * sumQQ)
            {
                (inverse, scale) = (Inverse(step) / peak, sumXQ / sumQQ);
                best = scale * sumXQ;
            }
        }

        for (int i = 0; i < x.Length; i++)
        {
            codes[i] = (byte)(Offset + Code(x[i], inverse));
        }

        return scale;
    }

    /// <summary>The vector form: a group in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> Fit(ReadOnlySpan<Vector512<float>> x)
    {
        Vector512<float> peak = GroupLanes.OfGreatestMagnitude(x);
        (Vector512<float> sumXQ, Vector512<float> sumQQ) = Sums(x, Vector512.Create(Inverse(0)) / peak);
        Vector512<float> isNothing = Vector512.Equals(sumQQ, Vector512<float>.Zero),
            scale = Vector512.ConditionalSelect(isNothing, Vector512<float>.Zero, sumXQ / sumQQ), best = scale * sumXQ;
        for (int step = -Steps; step <= Steps; step++)
        {
            if (step != 0)
            {
                (sumXQ, sumQQ) = Sums(x, Vector512.Create(Inverse(step)) / peak);
                Vector512<float> isBetter = Vector512.GreaterThan(sumQQ, Vector512<float>.Zero)
                    & Vector512.GreaterThan(sumXQ * sumXQ, best * sumQQ);
                scale = Vector512.ConditionalSelect(isBetter, sumXQ / sumQQ, scale);
                best = Vector512.ConditionalSelect(isBetter, scale * sumXQ, best);
            }
        }

        return Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512.Abs(peak), Vector512.Create(Epsilon)), Vector512<float>.Zero, scale);
    }

    // Where the value of greatest magnitude goes in a step.
    private static float Inverse(int step) => -(Offset + (0.1f * step));

    private static int Code(float x, float inverse) => Math.Clamp(BlockMath.NearestInt(inverse * x), -Offset, Offset - 1);

    private static (float XQ, float QQ) Sums(ReadOnlySpan<float> x, float inverse)
    {
        float sumXQ = 0, sumQQ = 0;
        foreach (float value in x)
        {
            float w = value * value;
            int q = Code(value, inverse);
            sumXQ += w * value * q;
            sumQQ += w * q * q;
        }

        return (sumXQ, sumQQ);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> XQ, Vector512<float> QQ) Sums(ReadOnlySpan<Vector512<float>> x, Vector512<float> inverse)
    {
        Vector512<float> sumXQ = default, sumQQ = default;
        foreach (Vector512<float> value in x)
        {
            Vector512<float> w = value * value,
                q = Vector512.ConvertToSingle(Lanes.Clamp(Lanes.NearestInt(inverse * value), -Offset, Offset - 1));
            sumXQ += w * value * q;
            sumQQ += w * q * q;
        }

        return (sumXQ, sumQQ);
    }
}
