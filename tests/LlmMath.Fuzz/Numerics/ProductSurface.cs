using LlmMath.Tests.Numerics.Kernels;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Numerics;

/// <summary>Products of packed matrices: any shape, any path, alone or shared, whole, cancelled or disposed.</summary>
internal static class ProductSurface
{
    // Sums of floats, of the magnitude of the terms; and how far a code may be from the nearest, where a half is rounded.
    private const double Tolerance = 5e-6, RoundedHalf = 1e-4;
    private const float Canary = 7.25f;
    private const int Guard = 16;

    private static readonly float[] s_extremes = [0, 1e-30f, 1e20f, -1e30f, float.NaN, float.PositiveInfinity,
        float.NegativeInfinity];

    private static readonly Lazy<KernelWorkers[]> s_workers = new(() => [new(1), new(2), new(3)]);

    public static Surface Surface { get; } = new("numerics/products",
        "`PackedMatrix`, `KernelWorkers`: the plain product in double precision within 5e-6 of Σ|w·x|; with Q8 activations "
        + "the rounding of x beside it, Σ|w|·max|x| of each 32 ÷ 254; nothing beyond y is touched; bad lengths, disposed and "
        + "cancelled are named",
        Try);

    private static bool Try(Trial trial)
    {
        Random random = trial.Random;
        MatrixFormat format = random.Pick(MatrixFormat.All);
        return random.OneIn(8) ? Refuses(format, random, trial) : Multiplies(format, random, trial);
    }

    private static bool Multiplies(MatrixFormat format, Random random, Trial trial)
    {
        int rows = random.Next(1, 70), columns = format.BlockElements * random.Next(1, 1
            + Math.Max(3, 600 / format.BlockElements));
        int vectors = random.OneIn(3) ? random.Next(1, 20) : 1;
        int seed = random.Next();
        var options = new ProductOptions
        {
            Path = random.Pick(KernelPaths.Supported),
            Activations = random.OneIn(2) ? ActivationFormat.Fp32 : format.UsualActivations,
            Workers = random.OneIn(3) ? random.Pick(s_workers.Value) : null,
        };
        trial.Input = () => $"{format}, {rows} × {columns} × {vectors}, seed {seed}, {options.Path}, {options.Activations}, "
            + $"{options.Workers?.Threads} threads";
        byte[] blocks = Samples.Blocks(format, rows, columns, seed);
        float[] x = Samples.Vector(columns * vectors, seed);
        if (random.OneIn(6))
        {
            x[random.Next(x.Length)] = random.Pick(s_extremes);
        }

        float[] memory = new float[(rows * vectors) + (2 * Guard)];
        Array.Fill(memory, Canary);
        using (PackedMatrix matrix = PackedMatrix.FromBlocks(format, blocks, rows, columns))
        {
            matrix.Multiply(x, memory.AsSpan(Guard, rows * vectors), vectors, options);
        }

        Require(memory.AsSpan(0, Guard).IndexOfAnyExcept(Canary) < 0
            && memory.AsSpan(memory.Length - Guard).IndexOfAnyExcept(Canary) < 0,
            "nothing beyond y is touched", format);
        float[] weights = Reference.Decode(format, blocks, rows * columns),
            minima = Reference.Minima(format, blocks, rows * columns);
        for (int vector = 0; vector < vectors; vector++)
        {
            float[] one = x[(vector * columns)..((vector + 1) * columns)];
            ReadOnlySpan<float> y = memory.AsSpan(Guard + (vector * rows), rows);
            CheckProduct(weights, minima, one, y, options.Activations == ActivationFormat.Q8);
        }

        trial.Did("products", vectors);
        return true;
    }

    /// <summary>Holds a product against the plain one: with x as it was rounded, and by the bounds that
    /// <see cref="ActivationFormat"/> states with x as it is.</summary>
    private static void CheckProduct(float[] weights, float[] minima, float[] x, ReadOnlySpan<float> y, bool isRounded)
    {
        double[] met = isRounded ? Reference.RoundToQ8(x) : [.. x.Select(value => (double)value)];
        bool isFinite = x.All(float.IsFinite);
        double lost = x.Length * (isFinite ? x.Max(value => Math.Abs((double)value)) : 0) * Math.Pow(2, -97);
        for (int row = 0; row < y.Length; row++)
        {
            ReadOnlySpan<float> w = weights.AsSpan(row * x.Length, x.Length), m = minima.AsSpan(row * x.Length, x.Length);
            Sums sums = Sums.Of(w, m, met, x);
            double error = Math.Abs(y[row] - sums.Met);
            Require(double.IsFinite(sums.Met) ? error <= (Tolerance * sums.Magnitude) + lost + 1e-40
                : double.IsNaN(sums.Met) ? float.IsNaN(y[row]) : y[row] == sums.Met, "a product is the plain one",
                    (row, y[row], sums));
            if (isRounded && isFinite)
            {
                double bound = (sums.Rounding * (1 + RoundedHalf)) + (Tolerance * sums.Magnitude) + lost + 1e-40;
                Require(Math.Abs(y[row] - sums.Exact) <= bound, "rounding x costs no more than is stated",
                    (row, y[row], sums, bound));
            }
        }
    }

    /// <summary>A row's sums in double precision.</summary>
    /// <param name="Met">Of the vector as the kernel meets it.</param>
    /// <param name="Exact">Of the vector as it was given.</param>
    /// <param name="Magnitude">Of the terms' magnitudes, a minimum counted apart, since it may cancel.</param>
    /// <param name="Rounding">Σ|w| · max|x| of each 32 ÷ 254.</param>
    private readonly record struct Sums(double Met, double Exact, double Magnitude, double Rounding)
    {
        public static Sums Of(ReadOnlySpan<float> weights, ReadOnlySpan<float> minima, double[] met, float[] x)
        {
            double value = 0, exact = 0, magnitude = 0, rounding = 0;
            for (int start = 0; start < x.Length; start += 32)
            {
                double greatest = 0, sum = 0;
                for (int i = start; i < Math.Min(start + 32, x.Length); i++)
                {
                    double w = weights[i], m = minima[i];
                    value += w * met[i];
                    exact += w * x[i];
                    sum += Math.Abs(w);
                    magnitude += (Math.Abs(w - m) + Math.Abs(m)) * Math.Abs(met[i]);
                    greatest = Math.Max(greatest, Math.Abs((double)x[i]));
                }

                rounding += sum * greatest / 254;
            }

            return new(value, exact, magnitude, rounding);
        }
    }

    private static bool Refuses(MatrixFormat format, Random random, Trial trial)
    {
        int kind = random.Next(6);
        trial.Input = () => $"{format}, what is refused: {kind}";
        try
        {
            switch (kind)
            {
                case 0:
                    PackedMatrix.FromBlocks(format, new byte[random.Next(100)], Huge(random), Huge(random)).Dispose();
                    break;
                case 1:
                    PackedMatrix.Pack(format, new float[random.Next(100)], Huge(random), Huge(random)).Dispose();
                    break;
                case 2:
                    byte[] bytes = new byte[format.BlockBytes * 4];
                    random.NextBytes(bytes);
                    PackedMatrix.FromBlocks(format, bytes, 2, 2 * format.BlockElements).Dispose();
                    break;
                case 3:
                    AtWrongLengths(format, random);
                    break;
                default:
                    Ended(format, random, isCancelled: kind == 4, trial);
                    break;
            }

            return true;
        }
        catch (ArgumentException error)
        {
            Require(error.ParamName is not null, "an error names its argument", error.Message);
            return false;
        }
    }

    private static void AtWrongLengths(MatrixFormat format, Random random)
    {
        using var matrix = PackedMatrix.Pack(format, new float[4 * format.BlockElements], 4, format.BlockElements);
        float[] memory = new float[format.BlockElements + 8];
        int x = Math.Max(0, format.BlockElements + random.Next(-2, 3)), y = random.Next(6);
        matrix.Multiply(memory.AsSpan(0, Math.Min(x, memory.Length)), new float[y]);
        Require(x == format.BlockElements && y == 4, "other lengths are refused", (x, y));
    }

    private static void Ended(MatrixFormat format, Random random, bool isCancelled, Trial trial)
    {
        var matrix = PackedMatrix.Pack(format, new float[32 * format.BlockElements], 32, format.BlockElements);
        using var source = new CancellationTokenSource();
        if (isCancelled)
        {
            source.Cancel();
        }
        else
        {
            matrix.Dispose();
        }

        try
        {
            var options = new ProductOptions { Workers = random.OneIn(2) ? random.Pick(s_workers.Value) : null };
            matrix.Multiply(new float[format.BlockElements], new float[32], options, source.Token);
            throw new PropertyException("what is disposed or cancelled is not multiplied");
        }
        catch (OperationCanceledException) when (isCancelled)
        {
            trial.Did("cancelled");
        }
        catch (ObjectDisposedException) when (!isCancelled)
        {
            trial.Did("disposed");
        }

        matrix.Dispose();
    }

    private static int Huge(Random random) => random.Pick((int[])[0, -1, 1, 2, 32, 256, int.MaxValue, int.MaxValue - 255,
        int.MinValue, 1 << 30]);
}
