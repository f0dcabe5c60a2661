using System.Diagnostics;
using LlmMath.Numerics;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Speed;

/// <summary>The measurements that <see cref="HostMachine"/> is made of.</summary>
internal static class HostProbes
{
    private const int Samples = 10, Vectors = 16, Columns = 1024;
    private static readonly TimeSpan s_sample = TimeSpan.FromSeconds(0.05), s_repeated = TimeSpan.FromMilliseconds(3);

    /// <summary>Rates of reading so many bytes, in bytes a second, the lowest first.</summary>
    public static double[] ReadRates(long bytes, KernelWorkers? workers, CancellationToken cancellation)
    {
        using var probe = new ReadProbe(bytes);
        return [.. Sampled(() => probe.BytesPerSecond(workers, s_sample), cancellation).Order()];
    }

    /// <summary>Seconds to dispatch an empty job to the threads and wait for it; 0 for one thread.</summary>
    public static double HandOverSeconds(KernelWorkers? workers, CancellationToken cancellation) =>
        workers is not { Threads: > 1 }
        ? 0
        : Median(() => SecondsOf(() => workers.Run(NoWork.Instance)), cancellation);

    /// <summary>
    /// The rate of products with weights in the cache, in operations a second with many vectors, and the vectors at which half of
    /// it is reached: of t(n) = (n + h) · o ÷ R, with o operations a vector, from one vector and from sixteen.
    /// </summary>
    public static (double Operations, double HalfTokens) ProductRate(
        MatrixFormat format, KernelWorkers? workers, double handOver, CancellationToken cancellation)
    {
        // A mebibyte of weights, which the inner caches of a core or two hold.
        int rows = Math.Max(64, (int)((1 << 20) / ((long)Columns / format.BlockElements * format.BlockBytes)));
        float[] weights = new float[rows * Columns], x = new float[Vectors * Columns], y = new float[Vectors * rows];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = ((i * 37) % 255) - 127;
        }

        x.AsSpan().Fill(1);
        using PackedMatrix matrix = PackedMatrix.Pack(format, weights, rows, Columns);
        var options = new ProductOptions { Workers = workers };
        double Seconds(int vectors) => Math.Max(1e-9, Median(() => SecondsOf(() =>
            matrix.Multiply(x.AsSpan(0, vectors * Columns), y.AsSpan(0, vectors * rows), vectors, options)), cancellation)
                - handOver);
        double one = Seconds(1), many = Seconds(Vectors), operations = 2.0 * rows * Columns;
        double each = Math.Max((many - one) / (Vectors - 1), many / Vectors / 2);
        return (operations / each, Math.Max(0, (one / each) - 1));
    }

    /// <summary>Bytes and operations of a matrix with weights from memory, and the seconds of its product with one
    /// vector.</summary>
    public static (double Bytes, double Operations, double Seconds) ColdProduct(
        MatrixFormat format, long bytes, KernelWorkers? workers, CancellationToken cancellation)
    {
        int rows = (int)Math.Clamp(bytes / ((long)Columns / format.BlockElements * format.BlockBytes), 64,
            int.MaxValue / Columns);
        using PackedMatrix matrix = PackedMatrix.FromRows(format, rows, Columns, static (_, blocks) => blocks.Clear());
        float[] x = new float[Columns], y = new float[rows];
        x.AsSpan().Fill(1);
        var options = new ProductOptions { Workers = workers };
        double seconds = Median(() => SecondsOf(() => matrix.Multiply(x, y, options)), cancellation);
        return (matrix.Size.Bytes, 2.0 * rows * Columns, seconds);
    }

    private static double Median(Func<double> measure, CancellationToken cancellation)
    {
        double[] sorted = [.. Sampled(measure, cancellation).Order()];
        return sorted[sorted.Length / 2];
    }

    private static IEnumerable<double> Sampled(Func<double> measure, CancellationToken cancellation)
    {
        for (int i = 0; i < Samples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return measure();
        }
    }

    // Repeated until it is long beside the clock's step.
    private static double SecondsOf(Action work)
    {
        work();
        long start = Stopwatch.GetTimestamp();
        int times = 0;
        do
        {
            work();
            times++;
        }
        while (Stopwatch.GetElapsedTime(start) < s_repeated);

        return Stopwatch.GetElapsedTime(start).TotalSeconds / times;
    }

    private sealed class NoWork : IKernelPart
    {
        public static NoWork Instance { get; } = new();

        public void Run(int thread)
        {
        }
    }
}
