using System.Runtime.InteropServices;
using LlmMath.Engines;
using LlmMath.Numerics;
using LlmMath.Speed;

namespace LlmMath;

/// <summary>
/// This computer's processor as the estimates see a GPU, by what was measured on it a moment ago: how fast it reads memory, how
/// fast it multiplies, what a product costs to share among threads. With <see cref="Engine"/> it predicts what this library's own
/// kernels (<see cref="PackedMatrix"/>) take; nothing in it is fitted.
/// </summary>
public sealed record HostMachine
{
    // Bytes of the matrix that a product from memory is measured on: quick to pack, and more than the caches of most machines.
    private const long MostPacked = 1 << 27;

    private HostMachine(Gpu gpu, Engine engine, MatrixFormat format, ByteSize workingSet, int threads) =>
        (Gpu, Engine, Format, WorkingSet, Threads) = (gpu, engine, format, workingSet, threads);

    /// <summary>The processor: its reading rate as <see cref="Gpu.BytesPerSecond"/>, its products as <see cref="Gpu.PeakRates"/>:
    /// of 32-bit floats, and of 8-bit integers where <see cref="Format"/> is a block format.</summary>
    public Gpu Gpu { get; }

    /// <summary>This library's kernels: how far they hide reading behind multiplying or the reverse, and the hand-over of each
    /// product between threads.</summary>
    public Engine Engine { get; }

    /// <summary>The weights' format that was measured.</summary>
    public MatrixFormat Format { get; }

    /// <summary>Bytes that were read over and over: what fits a cache is read faster than memory.</summary>
    public ByteSize WorkingSet { get; }

    /// <summary>Threads that shared the work.</summary>
    public int Threads { get; }

    /// <summary>Measures for a second or two; other work on the computer makes the figures smaller.</summary>
    /// <param name="format">The weights' format; null for Q8_0.</param>
    /// <param name="workingSet">Bytes of the weights that a token reads, 512 to 2⁴⁰; null for 256 MiB, more than most caches
    /// hold.</param>
    /// <param name="workers">The threads that share the work; null for the caller's alone.</param>
    /// <param name="cancellation">Ends the measurement within a tenth of a second and what one pass over the working set
    /// takes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="workingSet"/> is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The workers are disposed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static HostMachine Measure(
        MatrixFormat? format = null, ByteSize? workingSet = null, KernelWorkers? workers = null,
        CancellationToken cancellation = default)
    {
        MatrixFormat weights = format ?? MatrixFormat.Q8_0;
        ByteSize bytes = workingSet ?? ByteSize.FromGibibytes(0.25);
        double[] reads = HostProbes.ReadRates(bytes.Bytes, workers, cancellation);
        double handOver = HostProbes.HandOverSeconds(workers, cancellation);
        (double rate, double halfTokens) = HostProbes.ProductRate(weights, workers, handOver, cancellation);
        bool isBlock = weights.UsualActivations == ActivationFormat.Q8;
        double floats = isBlock ? HostProbes.ProductRate(MatrixFormat.Fp32, workers, handOver, cancellation).Operations : rate;
        var cold = HostProbes.ColdProduct(weights, Math.Min(bytes.Bytes, MostPacked), workers, cancellation);
        double median = reads[reads.Length / 2];
        int threads = workers?.Threads ?? 1;
        var gpu = new Gpu
        {
            Name = "this-machine",
            DisplayName = $"{RuntimeInformation.ProcessArchitecture} processor, {threads} threads, {KernelPaths.Best}",
            Vendor = "host",
            Architecture = KernelPaths.Best.ToString(),
            Memory = new ByteSize(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            BytesPerSecond = median,
            PeakRates = new PeakRates { Fp32 = floats, Int8 = isBlock ? rate : null },
        };
        (double serialShare, double bandwidthEfficiency) =
            Unhidden(cold.Seconds - handOver, cold.Bytes / median, cold.Operations * (1 + halfTokens) / rate);
        EngineConstants constants = new([.. EngineConstant.All.Select(constant => constant.Name switch
        {
            "bandwidth_efficiency" => bandwidthEfficiency,
            "serial_share" => serialShare,
            "half_tokens" => halfTokens,
            "matrix_us" => handOver * 1e6,
            _ => constant.Neutral,
        })]);
        // Times vary as the reading rate does: its slowest and fastest samples but one in ten.
        var range = new Spread(Math.Min(1, median / reads[reads.Length * 9 / 10]),
            Math.Max(1, median / reads[reads.Length / 10]));
        return new(gpu, Kernels(gpu, isBlock, constants, range), weights, bytes, threads);
    }

    // How much of the lesser of reading and multiplying a product with weights from memory does not hide; where it takes longer
    // than both one after the other, the share of the reading rate that its pattern of reading reaches.
    private static (double SerialShare, double BandwidthEfficiency) Unhidden(double seconds, double read, double multiply)
    {
        double share = (seconds - Math.Max(read, multiply)) / Math.Min(read, multiply);
        return share <= 1 ? (Math.Max(0, share), 1) : (1, read / (seconds - multiply));
    }

    private static Engine Kernels(Gpu gpu, bool quantizesActivations, EngineConstants constants, Spread range) => new()
    {
        Name = "llmmath-kernels",
        DisplayName = "LlmMath's kernels",
        MemoryUnknown = "it is measured for time alone",
        Speed = new()
        {
            QuantizesActivations = quantizesActivations,
            Generations =
            [
                new EngineGeneration
                {
                    Architecture = gpu.Architecture!,
                    Vendor = gpu.Vendor,
                    Gpus = [gpu.Name],
                    FittedOn = "nothing: measured on this machine",
                    Constants = constants,
                    FirstToken = range,
                    InterToken = range,
                },
            ],
        },
    };
}
