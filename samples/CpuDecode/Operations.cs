using System.Numerics;

/// <summary>What stands between the matrices; short beside them, so written plainly.</summary>
internal static class Operations
{
    private const float Epsilon = 1e-5f;

    /// <summary>RMS norm (Zhang and Sennrich, arXiv:1910.07467) or layer norm (Ba et al., arXiv:1607.06450), gains of
    /// 1.</summary>
    public static void Norm(ReadOnlySpan<float> x, Span<float> y, bool isRms)
    {
        float mean = 0, squares = 0;
        foreach (float value in x)
        {
            mean += isRms ? 0 : value / x.Length;
            squares += value * value;
        }

        float scale = 1 / MathF.Sqrt((squares / x.Length) - (mean * mean) + Epsilon);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (x[i] - mean) * scale;
        }
    }

    /// <summary>Rotary positions, base 10,000, halves of a head paired. Source: Su et al., arXiv:2104.09864, section
    /// 3.2.2.</summary>
    public static void Rotate(Span<float> heads, int headDim, int position)
    {
        int half = headDim / 2;
        for (int i = 0; i < half; i++)
        {
            (float sine, float cosine) = MathF.SinCos(position * MathF.Pow(10000, -2f * i / headDim));
            for (int start = 0; start < heads.Length; start += headDim)
            {
                (float a, float b) = (heads[start + i], heads[start + half + i]);
                heads[start + i] = (a * cosine) - (b * sine);
                heads[start + half + i] = (b * cosine) + (a * sine);
            }
        }
    }

    public static void Softmax(Span<float> x)
    {
        float greatest = float.NegativeInfinity, sum = 0;
        foreach (float value in x)
        {
            greatest = MathF.Max(greatest, value);
        }

        foreach (ref float value in x)
        {
            sum += value = MathF.Exp(value - greatest);
        }

        foreach (ref float value in x)
        {
            value /= sum;
        }
    }

    public static void Relu(Span<float> x)
    {
        foreach (ref float value in x)
        {
            value = MathF.Max(0, value);
        }
    }

    /// <summary>up · SiLU(gate), into up. Source: Shazeer, arXiv:2002.05202, equation 6 (SwiGLU).</summary>
    public static void Gate(ReadOnlySpan<float> gate, Span<float> up)
    {
        for (int i = 0; i < up.Length; i++)
        {
            up[i] *= gate[i] / (1 + MathF.Exp(-gate[i]));
        }
    }

    public static void Add(ReadOnlySpan<float> x, Span<float> sum) => AddScaled(x, 1, sum);

    public static void AddScaled(ReadOnlySpan<float> x, float scale, Span<float> sum)
    {
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(sum[i..]) + (new Vector<float>(x[i..]) * scale)).CopyTo(sum[i..]);
        }

        for (; i < x.Length; i++)
        {
            sum[i] += x[i] * scale;
        }
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sums += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        }

        float sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    public static int IndexOfGreatest(ReadOnlySpan<float> x)
    {
        int best = 0;
        for (int i = 1; i < x.Length; i++)
        {
            best = x[i] > x[best] ? i : best;
        }

        return best;
    }
}
