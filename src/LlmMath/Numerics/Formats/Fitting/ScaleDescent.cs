using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// How Q3_K looks for a group's scale, x ≈ scale·(q − 4): the value of greatest magnitude goes to the least code, then the codes
/// are changed one after another, up to five times around, where that makes (Σwxq)² ÷ Σwq² greater, w = x²; the scale is then
/// Σwxq ÷ Σwq². Every sum is taken in the order of the elements and every operation rounded by itself, so that the bytes are
/// those of GGUF's own encoder. Source: ggml-org/ggml, src/ggml-quants.c (make_q3_quants), commit d99724f2b141.
/// </summary>
internal static class ScaleDescent
{
    /// <summary>The code of 0.</summary>
    public const int Offset = 4;

    private const int Rounds = 5;

    /// <summary>The scalar definition.</summary>
    /// <param name="x">The group, 16 values.</param>
    /// <param name="codes">Where the codes go that the scale was found with.</param>
    public static float Fit(ReadOnlySpan<float> x, Span<byte> codes)
    {
        float peak = BlockMath.OfGreatestMagnitude(x);
        codes.Clear();
        if (MathF.Abs(peak) < ScaleSearch.Epsilon)
        {
            return 0;
        }

        float inverse = -Offset / peak, sumXQ = 0, sumQQ = 0;
        Span<int> q = stackalloc int[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            float w = x[i] * x[i];
            q[i] = Math.Clamp(BlockMath.NearestInt(inverse * x[i]), -Offset, Offset - 1);
            sumXQ += w * x[i] * q[i];
            sumQQ += w * q[i] * q[i];
        }

        bool isChanged = true;
        for (int round = 0; round < Rounds && isChanged; round++)
        {
            isChanged = false;
            for (int i = 0; i < x.Length; i++)
            {
                float w = x[i] * x[i], restXQ = sumXQ - (w * x[i] * q[i]), restQQ = sumQQ - (w * q[i] * q[i]);
                int other = Math.Clamp(BlockMath.NearestInt(x[i] * restQQ / restXQ), -Offset, Offset - 1);
                if (restXQ > 0 && other != q[i])
                {
                    restXQ += w * x[i] * other;
                    restQQ += w * other * other;
                    if (restQQ > 0 && restXQ * restXQ * sumQQ > sumXQ * sumXQ * restQQ)
                    {
                        (q[i], sumXQ, sumQQ, isChanged) = (other, restXQ, restQQ, true);
                    }
                }
            }
        }

        for (int i = 0; i < x.Length; i++)
        {
            codes[i] = (byte)(q[i] + Offset);
        }

        return sumQQ > 0 ? sumXQ / sumQQ : 0;
    }

    /// <summary>The vector form: a group in each lane. Each step waits for the one before: those of two blocks go side by
    /// side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Vector512<float> Of, Vector512<float> OfNext) Fit(
        ReadOnlySpan<Vector512<float>> block, ReadOnlySpan<Vector512<float>> next)
    {
        Span<Vector512<float>> codes = stackalloc Vector512<float>[block.Length],
            nextCodes = stackalloc Vector512<float>[next.Length];
        (Vector512<float> sumXQ, Vector512<float> sumQQ) = Start(block, codes);
        (Vector512<float> nextXQ, Vector512<float> nextQQ) = Start(next, nextCodes);
        bool isChanged = true;
        for (int round = 0; round < Rounds && isChanged; round++)
        {
            isChanged = false;
            for (int i = 0; i < codes.Length; i++)
            {
                bool first = Step(block[i], ref codes[i], ref sumXQ, ref sumQQ),
                    second = Step(next[i], ref nextCodes[i], ref nextXQ, ref nextQQ);
                isChanged |= first | second;
            }
        }

        return (Scale(block, sumXQ, sumQQ), Scale(next, nextXQ, nextQQ));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> XQ, Vector512<float> QQ) Start(ReadOnlySpan<Vector512<float>> x, Span<Vector512<float>> q)
    {
        Vector512<float> inverse = Vector512.Create((float)-Offset) / GroupLanes.OfGreatestMagnitude(x), sumXQ = default,
            sumQQ = default;
        for (int i = 0; i < q.Length; i++)
        {
            Vector512<float> w = x[i] * x[i];
            q[i] = Code(inverse * x[i]);
            sumXQ += w * x[i] * q[i];
            sumQQ += w * q[i] * q[i];
        }

        return (sumXQ, sumQQ);
    }

    // Whether any lane's code is changed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Step(Vector512<float> x, ref Vector512<float> q, ref Vector512<float> sumXQ, ref Vector512<float> sumQQ)
    {
        Vector512<float> w = x * x, wx = w * x, restXQ = sumXQ - (wx * q), restQQ = sumQQ - (w * q * q),
            other = Code(x * restQQ / restXQ),
            isOther = Vector512.GreaterThan(restXQ, Vector512<float>.Zero) & ~Vector512.Equals(other, q);
        restXQ += wx * other;
        restQQ += w * other * other;
        Vector512<float> isBetter = isOther & Vector512.GreaterThan(restQQ, Vector512<float>.Zero)
            & Vector512.GreaterThan(restXQ * restXQ * sumQQ, sumXQ * sumXQ * restQQ);
        q = Vector512.ConditionalSelect(isBetter, other, q);
        sumXQ = Vector512.ConditionalSelect(isBetter, restXQ, sumXQ);
        sumQQ = Vector512.ConditionalSelect(isBetter, restQQ, sumQQ);
        return isBetter.AsInt32() != Vector512<int>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(ReadOnlySpan<Vector512<float>> x, Vector512<float> sumXQ, Vector512<float> sumQQ)
    {
        Vector512<float> hasScale = Vector512.GreaterThan(sumQQ, Vector512<float>.Zero) & Vector512.GreaterThanOrEqual(
            Vector512.Abs(GroupLanes.OfGreatestMagnitude(x)), Vector512.Create(ScaleSearch.Epsilon));
        return Vector512.ConditionalSelect(hasScale, sumXQ / sumQQ, Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Code(Vector512<float> scaled) =>
        Vector512.ConvertToSingle(Lanes.Clamp(Lanes.NearestInt(scaled), -Offset, Offset - 1));
}
