namespace LlmMath.Tests;

/// <summary>Products by the definition: decoded weights, sums in double precision.</summary>
internal static class Reference
{
    /// <summary>The weights of stored rows.</summary>
    public static float[] Decode(MatrixFormat format, byte[] blocks, int count)
    {
        float[] values = new float[count];
        int decoded = format.Name switch
        {
            "fp32" => Fp32.DecodeBlocks(blocks, values),
            "fp16" => Fp16.DecodeBlocks(blocks, values),
            "bf16" => Bf16.DecodeBlocks(blocks, values),
            "q8_0" => Q8_0.DecodeBlocks(blocks, values),
            "q4_0" => Q4_0.DecodeBlocks(blocks, values),
            _ => throw new ArgumentException(format.Name),
        };
        Assert.Equal(count / format.BlockElements, decoded);
        return values;
    }

    /// <summary>Activations as they are after rounding to 8 bits: blocks of 32, d = max|x| ÷ 127, codes to nearest, ties to even.</summary>
    public static double[] RoundToQ8(float[] x)
    {
        double[] rounded = new double[x.Length];
        for (int start = 0; start < x.Length; start += 32)
        {
            float[] block = x[start..Math.Min(start + 32, x.Length)];
            if (!block.All(float.IsFinite))
            {
                Array.Fill(rounded, double.NaN, start, block.Length);
                continue;
            }

            float greatest = block.Max(MathF.Abs);
            float inverse = 127f / greatest, d = greatest / 127f;
            for (int i = 0; i < block.Length; i++)
            {
                rounded[start + i] = greatest == 0 ? 0 : (double)MathF.Round(block[i] * inverse, MidpointRounding.ToEven) * d;
            }
        }

        return rounded;
    }

    /// <summary>A row's product, and the sum of its terms' magnitudes, which errors are measured against.</summary>
    public static (double Value, double Magnitude) Dot(ReadOnlySpan<float> weights, ReadOnlySpan<double> x)
    {
        double value = 0, magnitude = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double term = weights[i] * x[i];
            value += term;
            magnitude += Math.Abs(term);
        }

        return (value, magnitude);
    }

    /// <summary>Fails unless results are within a relative <paramref name="tolerance"/> of the definition.</summary>
    public static void AssertProduct(float[] weights, double[] x, ReadOnlySpan<float> y, double tolerance, string what)
    {
        for (int row = 0; row < y.Length; row++)
        {
            (double value, double magnitude) = Dot(weights.AsSpan(row * x.Length, x.Length), x);
            bool isRight = double.IsFinite(value)
                ? Math.Abs(y[row] - value) <= (tolerance * magnitude) + 1e-40
                : double.IsNaN(value) ? float.IsNaN(y[row]) : y[row] == value;
            Assert.True(isRight, $"{what}, row {row} of {y.Length} × {x.Length}: {y[row]:R}, not {value:R} (magnitude {magnitude:R})");
        }
    }
}
