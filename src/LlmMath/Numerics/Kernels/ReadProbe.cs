using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Numerics;

/// <summary>
/// Memory that is read as fast as this processor can: the limit that a product with weights of that many bytes cannot pass. Each
/// thread reads one linear stream in the widest vectors.
/// </summary>
public sealed class ReadProbe : IDisposable
{
    private const int StepBytes = 512;

    private readonly AlignedMemory _memory;
    private volatile int _sink;

    /// <summary>Allocates the memory.</summary>
    /// <param name="bytes">Bytes to read, 512 to 2⁴⁰; rounded down to a multiple of 512.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is out of its range.</exception>
    public ReadProbe(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, StepBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, 1L << 40);
        Size = new ByteSize(bytes / StepBytes * StepBytes);
        _memory = new AlignedMemory(Size.Bytes);
        PackedRows.Clear(_memory);
    }

    /// <summary>Bytes that <see cref="Read"/> reads.</summary>
    public ByteSize Size { get; }

    /// <summary>Reads the memory once.</summary>
    /// <param name="workers">The threads that share it; null for the caller's alone.</param>
    /// <exception cref="ObjectDisposedException">The probe or the workers are disposed.</exception>
    public void Read(KernelWorkers? workers = null)
    {
        ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
        bool isHeld = false;
        _memory.DangerousAddRef(ref isHeld);
        try
        {
            var part = new Part(this, workers?.Threads ?? 1);
            if (workers is null)
            {
                part.Run(0);
            }
            else
            {
                workers.Run(part);
            }
        }
        finally
        {
            _memory.DangerousRelease();
        }
    }

    /// <summary>The median rate of reading, in bytes a second.</summary>
    /// <param name="workers">The threads that share it; null for the caller's alone.</param>
    /// <param name="duration">How long to measure: some tenths of a second are enough.</param>
    /// <exception cref="ObjectDisposedException">The probe or the workers are disposed.</exception>
    public double BytesPerSecond(KernelWorkers? workers, TimeSpan duration)
    {
        // A sample lasts long beside the clock's step; the first ones warm the caches.
        int reads = (int)Math.Max(1, (1 << 25) / Size.Bytes);
        List<double> rates = [];
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        while (rates.Count < 5 || Stopwatch.GetTimestamp() < end)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < reads; i++)
            {
                Read(workers);
            }

            rates.Add((double)Size.Bytes * reads / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        rates.RemoveRange(0, 2);
        rates.Sort();
        return rates[rates.Count / 2];
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Stream<TSimd, TInt, TFloat>(byte* bytes, long count)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        unchecked
        {
            int vector = TSimd.Lanes * 4;
            TInt a = TSimd.Set(0), b = a, c = a, d = a;
            for (byte* end = bytes + count; bytes < end; bytes += 4 * vector)
            {
                a = TSimd.Or(a, TSimd.Load(bytes));
                b = TSimd.Or(b, TSimd.Load(bytes + vector));
                c = TSimd.Or(c, TSimd.Load(bytes + (2 * vector)));
                d = TSimd.Or(d, TSimd.Load(bytes + (3 * vector)));
            }

            float* lanes = stackalloc float[16];
            TSimd.Store(TSimd.AsFloat(TSimd.Or(TSimd.Or(a, b), TSimd.Or(c, d))), lanes);
            return BitConverter.SingleToInt32Bits(lanes[0]);
        }
    }

    private sealed class Part(ReadProbe probe, int threads) : IKernelPart
    {
        /// <summary>Bytes taken at a time.</summary>
        private const int TakenBytes = 1 << 17;

        private readonly Shares _steps =
            new((int)(probe.Size.Bytes / StepBytes), threads, threads == 1 ? int.MaxValue : TakenBytes / StepBytes);

        public unsafe void Run(int thread)
        {
            while (_steps.Take(thread, out int first, out int end))
            {
                byte* bytes = probe._memory.Address + ((long)first * StepBytes);
                long count = (long)(end - first) * StepBytes;
                probe._sink = KernelPaths.Best switch
                {
                    KernelPath.Vector512 => Stream<Simd512, Vector512<int>, Vector512<float>>(bytes, count),
                    KernelPath.Vector256 => Stream<Simd256, Vector256<int>, Vector256<float>>(bytes, count),
                    _ => Stream<SimdPortable, Vector<int>, Vector<float>>(bytes, count),
                };
            }
        }
    }
}
