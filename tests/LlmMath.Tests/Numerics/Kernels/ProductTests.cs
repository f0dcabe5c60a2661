namespace LlmMath.Tests.Numerics.Kernels;

/// <summary>Every format, activation format and instruction set that this processor has, against the definition in double
/// precision.</summary>
public class ProductTests
{
    /// <summary>Sums of floats: of the magnitude of the terms. Measured: at most 2e-6.</summary>
    private const double Tolerance = 5e-6;

    public static TheoryData<string, ActivationFormat> Kernels()
    {
        var kernels = new TheoryData<string, ActivationFormat>();
        foreach (MatrixFormat format in MatrixFormat.All)
        {
            kernels.Add(format.Name, ActivationFormat.Fp32);
            if (format.UsualActivations == ActivationFormat.Q8)
            {
                kernels.Add(format.Name, ActivationFormat.Q8);
            }
        }

        return kernels;
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryLengthOfSomeTilesAndThoseAboutPowersOfTwo(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        const int rows = 17;

        // Every length up to some tiles, fewer of large blocks, and those about powers of two.
        int every = format.BlockElements > 32 ? 20 : 70;
        foreach (int blocks in Enumerable.Range(1, 257).Where(blocks => blocks <= every || (blocks + 1) % 64 <= 2))
        {
            int columns = blocks * format.BlockElements;
            Check(format, activations, rows, columns, Samples.Blocks(format, rows, columns, blocks),
                Samples.Vector(columns, -blocks));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryNumberOfRows(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        int columns = 8 * format.BlockElements;
        for (int rows = 1; rows <= 50; rows++)
        {
            Check(format, activations, rows, columns, Samples.Blocks(format, rows, columns, rows), Samples.Vector(columns, rows));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ALongRow(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        Check(format, activations, 32, 16384, Samples.Blocks(format, 32, 16384, 1), Samples.Vector(16384, 2));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ExtremeActivations(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        const int rows = 16, columns = 512;
        float[] ones = [.. Enumerable.Repeat(1f, rows * columns)];
        byte[] stored = new byte[rows * columns / format.BlockElements * format.BlockBytes];
        format.Encode(ones, stored);
        float[] weights = Reference.Decode(format, stored, ones.Length), minima = Reference.Minima(format, stored, ones.Length);
        foreach (float extreme in new[] { 1e-30f, 1e-20f, 1e20f, 1e30f, -1e34f, float.NaN, float.PositiveInfinity,
            float.NegativeInfinity })
        {
            float[] x = Samples.Vector(columns, 3);
            x[100] = extreme;
            using PackedMatrix matrix = PackedMatrix.Pack(format, ones, rows, columns);
            foreach (KernelPath path in KernelPaths.Supported)
            {
                float[] y = Product(matrix, activations, path, x);
                new Reference.Expected(weights, minima, Rounded(x, activations))
                    .AssertProduct(y, Tolerance, $"{name} × {activations}, {path}, {extreme}");
            }
        }
    }

    /// <summary>Sums of 16 bits at their bounds: every code the least or the greatest, every activation ±127.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void ExtremeCodes(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        const int rows = 17, columns = 512;
        foreach (byte pattern in new byte[] { 0x00, 0xFF, 0x0F, 0xF0, 0x80, 0x7F, 0xAA, 0x55 })
        {
            byte[] blocks = new byte[rows * columns / format.BlockElements * format.BlockBytes];
            Array.Fill(blocks, format.BlockElements == 1 ? (byte)(pattern & 0xBF) : pattern);
            foreach (int half in Samples.HalvesAt(format).Where(_ => format.BlockElements > 1))
            {
                for (int at = half; at < blocks.Length; at += format.BlockBytes)
                {
                    BitConverter.TryWriteBytes(blocks.AsSpan(at), (ushort)0x3C00);
                }
            }

            foreach (Func<int, float> sign in new Func<int, float>[] { _ => 1, _ => -1, i => i % 2 == 0 ? 1 : -1, i =>
                i % 4 < 2 ? 1 : -1 })
            {
                Check(format, activations, rows, columns, blocks, [.. Enumerable.Range(0, columns).Select(sign)]);
            }
        }
    }

    /// <summary>The bound that <see cref="ActivationFormat.Q8"/> states, reached within a fifth: each small x beside a large one
    /// is half a step off.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void RoundedActivationsKeepTheirStatedBound(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        if (activations != ActivationFormat.Q8)
        {
            return;
        }

        const int rows = 16, columns = 512;
        byte[] blocks = Samples.Blocks(format, rows, columns, 9);
        float[] weights = Reference.Decode(format, blocks, rows * columns),
            minima = Reference.Minima(format, blocks, rows * columns);
        using PackedMatrix matrix = PackedMatrix.FromBlocks(format, blocks, rows, columns);
        double closest = 0;
        for (int row = 0; row < rows; row++)
        {
            // 0.499 steps off, each in the direction of its weight.
            float[] x = [.. Enumerable.Range(0, columns).Select(i =>
                i % 32 == 0 ? 1 : 0.499f / 127 * MathF.Sign(weights[(row * columns) + i]))];
            double exact = 0, bound = 0, magnitude = 0;
            for (int i = 0; i < columns; i++)
            {
                (double w, double m) = (weights[(row * columns) + i], minima[(row * columns) + i]);
                exact += w * x[i];
                bound += Math.Abs(w) / 254;
                magnitude += (Math.Abs(w - m) + Math.Abs(m)) * Math.Abs(x[i]);
            }

            foreach (KernelPath path in KernelPaths.Supported)
            {
                double error = Math.Abs(Product(matrix, activations, path, x)[row] - exact);
                Assert.InRange(error, 0, bound + (Tolerance * magnitude));
                closest = Math.Max(closest, error / bound);
            }
        }

        Assert.InRange(closest, 0.8, 1.01);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void VectorsAtAnyAddress(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        const int rows = 33, columns = 512;
        using PackedMatrix matrix = PackedMatrix.FromBlocks(format, Samples.Blocks(format, rows, columns, 3), rows, columns);
        float[] x = Samples.Vector(columns, 4), memory = new float[columns + 16], result = new float[rows + 16];
        foreach (KernelPath path in KernelPaths.Supported)
        {
            var options = new ProductOptions { Activations = activations, Path = path };
            float[] expected = Product(matrix, activations, path, x);
            for (int offset = 0; offset < 16; offset++)
            {
                x.CopyTo(memory, offset);
                Array.Fill(result, 7);
                matrix.Multiply(memory.AsSpan(offset, columns), result.AsSpan(15 - offset, rows), options);
                Assert.Equal(expected, result[(15 - offset)..(15 - offset + rows)]);
                Assert.All(result[..(15 - offset)], untouched => Assert.Equal(7, untouched));
                Assert.All(result[(15 - offset + rows)..], untouched => Assert.Equal(7, untouched));
            }
        }
    }

    [Fact]
    public void HalvesOfEveryBitPatternKeepInfinityAndNaN()
    {
        // Each of the 65,536 in a row of its own, beside a 1 and zeros.
        const int columns = 8;
        byte[] blocks = new byte[65536 * columns * 2];
        for (int bits = 0; bits < 65536; bits++)
        {
            BitConverter.TryWriteBytes(blocks.AsSpan(bits * columns * 2), (ushort)bits);
            BitConverter.TryWriteBytes(blocks.AsSpan((bits * columns * 2) + 6), (ushort)0x3C00);
        }

        float[] x = [3, 0, 0, 0.5f, 0, 0, 0, 0];
        Check(MatrixFormat.Fp16, ActivationFormat.Fp32, 65536, columns, blocks, x);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void SeveralVectorsAreAsOne(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        const int rows = 35, columns = 1024;
        using PackedMatrix matrix = PackedMatrix.FromBlocks(format, Samples.Blocks(format, rows, columns, 5), rows, columns);
        foreach (KernelPath path in KernelPaths.Supported)
        {
            for (int vectors = 1; vectors <= 35; vectors += vectors < 18 ? 1 : 17)
            {
                float[] x = Samples.Vector(columns * vectors, vectors);
                float[] y = new float[rows * vectors];
                matrix.Multiply(x, y, vectors, new ProductOptions { Activations = activations, Path = path });
                for (int vector = 0; vector < vectors; vector++)
                {
                    float[] one = x[(vector * columns)..((vector + 1) * columns)];
                    float[] expected = Product(matrix, activations, path, one);
                    float most = expected.Max(MathF.Abs);
                    for (int row = 0; row < rows; row++)
                    {
                        Assert.Equal(expected[row], y[(vector * rows) + row], 1e-5f * most);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void PackedFromFloatsWithALastBlockThatIsNotFull(string name, ActivationFormat activations)
    {
        MatrixFormat format = Format(name);
        foreach (int columns in new[] { 1, 3, 31, 33, 63, 65, 100, 257 })
        {
            const int rows = 19;
            float[] weights = Samples.Vector(rows * columns, columns);
            using PackedMatrix matrix = PackedMatrix.Pack(format, weights, rows, columns);

            // What the format makes of each row, filled up with zeros.
            int blocks = (columns + format.BlockElements - 1) / format.BlockElements;
            byte[] stored = new byte[blocks * format.BlockBytes];
            float[] rounded = new float[rows * columns], minima = new float[rows * columns],
                padded = new float[blocks * format.BlockElements];
            for (int row = 0; row < rows; row++)
            {
                weights.AsSpan(row * columns, columns).CopyTo(padded);
                Assert.Equal(blocks, format.Encode(padded, stored));
                Reference.Decode(format, stored, padded.Length).AsSpan(0, columns).CopyTo(rounded.AsSpan(row * columns));
                Reference.Minima(format, stored, padded.Length).AsSpan(0, columns).CopyTo(minima.AsSpan(row * columns));
            }

            float[] x = Samples.Vector(columns, 7);
            foreach (KernelPath path in KernelPaths.Supported)
            {
                new Reference.Expected(rounded, minima, Rounded(x, activations)).AssertProduct(
                    Product(matrix, activations, path, x), Tolerance, $"{name} × {activations}, {path}");
            }
        }
    }

    private static void Check(MatrixFormat format, ActivationFormat activations, int rows, int columns, byte[] blocks, float[] x)
    {
        using PackedMatrix matrix = PackedMatrix.FromBlocks(format, blocks, rows, columns);
        float[] weights = Reference.Decode(format, blocks, rows * columns);
        Reference.Expected expected = new(weights, Reference.Minima(format, blocks, rows * columns), Rounded(x, activations));
        foreach (KernelPath path in KernelPaths.Supported)
        {
            expected.AssertProduct(Product(matrix, activations, path, x), Tolerance, $"{format} × {activations}, {path}");
        }
    }

    private static double[] Rounded(float[] x, ActivationFormat activations) =>
        activations == ActivationFormat.Q8 ? Reference.RoundToQ8(x) : [.. x.Select(value => (double)value)];

    private static float[] Product(PackedMatrix matrix, ActivationFormat activations, KernelPath path, float[] x)
    {
        float[] y = new float[matrix.Rows];
        matrix.Multiply(x, y, new ProductOptions { Activations = activations, Path = path });
        return y;
    }

    private static MatrixFormat Format(string name) => MatrixFormat.All.Single(format => format.Name == name);
}
