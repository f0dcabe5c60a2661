namespace LlmMath.Tests.Numerics.Kernels;

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
            "q4_1" => Q4_1.DecodeBlocks(blocks, values),
            "q5_0" => Q5_0.DecodeBlocks(blocks, values),
            "q5_1" => Q5_1.DecodeBlocks(blocks, values),
            "q2_k" => Q2_K.DecodeBlocks(blocks, values),
            "q3_k" => Q3_K.DecodeBlocks(blocks, values),
            "q4_k" => Q4_K.DecodeBlocks(blocks, values),
            "q5_k" => Q5_K.DecodeBlocks(blocks, values),
            "q6_k" => Q6_K.DecodeBlocks(blocks, values),
            "q4_0" => Q4_0.DecodeBlocks(blocks, values),
            _ => throw new ArgumentException(format.Name),
        };
        Assert.Equal(count / format.BlockElements, decoded);
        return values;
    }

    /// <summary>The minimums of stored rows' weights, 0 for formats without: what the blocks decode to with all codes
    /// 0.</summary>
    public static float[] Minima(MatrixFormat format, byte[] blocks, int count)
    {
        (int start, int end) = format.Name switch
        {
            "q4_1" => (4, 20),
            "q5_1" => (4, 24),
            "q2_k" => (16, 80),
            "q4_k" => (16, 144),
            "q5_k" => (16, 176),
            _ => (0, 0),
        };
        if (end == 0)
        {
            return new float[count];
        }

        byte[] copy = [.. blocks];
        for (int at = 0; at < copy.Length; at += format.BlockBytes)
        {
            copy.AsSpan(at + start, end - start).Clear();
        }

        return Decode(format, copy, count);
    }

    /// <summary>Activations as they are after rounding to 8 bits: blocks of 32, d = max|x| ÷ 127, codes to nearest, ties to
    /// even.</summary>
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

    /// <summary>The products of rows, each with the sum of its terms' magnitudes, which errors are measured against; a weight's
    /// minimum is a term of its own, since it may cancel.</summary>
    public sealed class Expected(float[] weights, float[] minima, double[] x)
    {
        private readonly (double Value, double Magnitude)[] _rows =
        [
            .. Enumerable.Range(0, weights.Length / x.Length)
                .Select(row => Dot(weights.AsSpan(row * x.Length, x.Length), minima.AsSpan(row * x.Length, x.Length), x)),
        ];

        /// <summary>Fails unless results are within a relative <paramref name="tolerance"/> of the definition.</summary>
        public void AssertProduct(ReadOnlySpan<float> y, double tolerance, string what)
        {
            Assert.Equal(_rows.Length, y.Length);
            for (int row = 0; row < y.Length; row++)
            {
                (double value, double magnitude) = _rows[row];
                bool isRight = double.IsFinite(value)
                    ? Math.Abs(y[row] - value) <= (tolerance * magnitude) + 1e-40
                    : double.IsNaN(value) ? float.IsNaN(y[row]) : y[row] == value;
                Assert.True(isRight,
                    $"{what}, row {row} of {y.Length} × {x.Length}: {y[row]:R}, not {value:R} (magnitude {magnitude:R})");
            }
        }

        private static (double Value, double Magnitude) Dot(
            ReadOnlySpan<float> weights, ReadOnlySpan<float> minima, ReadOnlySpan<double> x)
        {
            double value = 0, magnitude = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                value += weights[i] * x[i];
                magnitude += (Math.Abs((double)weights[i] - minima[i]) + Math.Abs((double)minima[i])) * Math.Abs(x[i]);
            }

            return (value, magnitude);
        }
    }
}
