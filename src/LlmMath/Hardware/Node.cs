namespace LlmMath;

/// <summary>The machine that GPUs stand in: how many it holds, and how they reach each other.</summary>
public sealed record Node
{
    /// <summary>A server with eight GPUs and the links that each GPU's entry states. Source of eight: boards of the Open Compute
    /// Project's Universal Baseboard (OAI-UBB, revision 1.0) and NVIDIA's HGX hold eight accelerators.</summary>
    public static Node Usual { get; } = new();

    /// <summary>GPUs of one machine, or of one domain of NVLink, 1 or more.</summary>
    public int Gpus { get; init; } = 8;

    /// <summary>Rate of the link between GPUs of one machine, in bytes a second, both directions together; null for what the
    /// GPU's entry states.</summary>
    public double? LinkBytesPerSecond { get; init; }

    /// <summary>Rate at which each GPU reaches GPUs of other machines, in bytes a second, both directions together; null for the
    /// same as within: no slower network is reckoned.</summary>
    public double? NetworkBytesPerSecond { get; init; }

    /// <summary>Memory of the machine's processors; null where it is not known.</summary>
    public ByteSize? HostMemory { get; init; }

    /// <summary>Rate at which each GPU reads from and writes to the machine's memory, in bytes a second, both directions
    /// together; null for what the GPU's entry states of its PCI Express link.</summary>
    public double? PcieBytesPerSecond { get; init; }

    /// <summary>Rate at which the machine's drives are read and written, bytes a second in one direction; null where it is not
    /// known.</summary>
    public double? NvmeBytesPerSecond { get; init; }

    /// <summary>The machine's processor, as the GPU catalog has it: what multiplies tensors that lie in system memory. Null for
    /// <see cref="UsualHostBytesPerSecond"/> and eight cores.</summary>
    public Gpu? Host { get; init; }

    /// <summary>Rate at which the processor reads the machine's memory, bytes a second, as measured or as its channels give it;
    /// null for what <see cref="Host"/>'s entry states.</summary>
    public double? HostBytesPerSecond { get; init; }

    /// <summary>Threads that multiply; null for as many as the processor has cores.</summary>
    public int? HostThreads { get; init; }

    /// <summary>Bytes a second of two channels of DDR5-5600, as desktop computers of 2023 to 2026 have them: what stands for a
    /// machine of which nothing is said. 2 × 8 bytes × 5.6 GHz. Source: JEDEC JESD79-5.</summary>
    public const double UsualHostBytesPerSecond = 89.6e9;

    // A core of AVX2 at 4 GHz: 32 operations × 4 GHz.
    private const double UsualCoreOperations = 128e9;
    private const int UsualCores = 8;

    // An instruction multiplies four times as many 8-bit integers as 32-bit floats of one register: VPDPBUSD 32 of 256 bits where
    // VFMADD multiplies 8, SDOT 16 of 128 where FMLA multiplies 4. What multiplies more (Arm's SMMLA, Intel's AMX) stands in the
    // processor's entry. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2; Arm DDI 0487.
    private const double EightBitOperations = 4;

    // What one thread reads of memory at most: fewer threads than channels need leave bandwidth unused. Three threads of an Apple
    // M2 Max read 114 GB/s of weights. Source: ikawrakow/ik_llama.cpp@8337e4cd3, github-data/discussions/164 (Llama 3.1 8B in
    // Q8_0: 8.0 GB a token, 14.29 tokens/s).
    private const double BytesPerSecondOfThread = 40e9;

    /// <summary>Bytes a second that the processor reads with its threads, at most.</summary>
    internal double HostRate =>
        HostThreads is { } threads ? Math.Min(HostPeakRate, threads * BytesPerSecondOfThread) : HostPeakRate;

    /// <summary>Bytes a second of the machine's memory, that nothing reads faster.</summary>
    internal double HostPeakRate => HostBytesPerSecond ?? Host?.BytesPerSecond ?? UsualHostBytesPerSecond;

    /// <summary>Operations on 32-bit floats a second that the processor makes with its threads, at most.</summary>
    internal double HostOperations => OfThreads(HostFloats);

    /// <summary>Operations on 8-bit integers a second that the processor makes with its threads, at most: what packed weights
    /// are multiplied as.</summary>
    internal double HostPeakOperations => OfThreads(Host?.PeakRates.Int8 ?? (EightBitOperations * HostFloats));

    /// <summary>Vector instructions of the processor: those of desktop computers where none is named.</summary>
    internal ValueList<string> HostInstructions => Host?.Instructions ?? s_usualInstructions;

    private static readonly ValueList<string> s_usualInstructions = ["avx2"];

    private int Cores => Host?.Cores ?? UsualCores;

    private double HostFloats => Host?.PeakRates.Fp32 ?? (Cores * UsualCoreOperations);

    private double OfThreads(double whole) =>
        HostThreads is { } threads && threads < Cores ? whole * threads / Cores : whole;

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="ArgumentException">A rate is not above 0 and finite, or there are no threads.</exception>
    internal void CheckHost()
    {
        if (HostBytesPerSecond is { } rate && !(rate > 0 && rate <= double.MaxValue))
        {
            throw new ArgumentException("Node.HostBytesPerSecond: above 0 and finite is right.");
        }

        if (HostThreads is < 1)
        {
            throw new ArgumentException("Node.HostThreads: 1 or more is right.");
        }

        Host?.RequireRates();
    }
}
