using LlmMath.Basics;
using LlmMath.Memory;

namespace LlmMath;

/// <summary>Need and room on one kind of GPU.</summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="Need">What the fullest GPU holds; where it shares the system's memory, what lies there too.</param>
/// <param name="Room">What programs can use, of which the engine takes its share.</param>
/// <param name="Warning">What a reader should know, or null.</param>
public readonly record struct MemoryFit(Gpu Gpu, ByteSize Need, ByteSize Room, string? Warning = null)
{
    // Of nominal memory, where nobody measured the GPU: NVIDIA's carve-outs leave 98.0 % (RTX 4090: 24,080 MiB) to 99.0 % (H100:
    // 79.18 of 80 GiB).
    private const double UsableShare = 0.98;

    // macOS lends a GPU two thirds of up to 36 GiB and three quarters of more (recommendedMaxWorkingSetSize); later releases lend
    // more.
    private const double SmallAppleShare = 2.0 / 3, LargeAppleShare = 0.75;

    /// <summary>Whether the need is no more than the room.</summary>
    public bool Fits => Need <= Room;

    /// <summary>What is left, or 0.</summary>
    public ByteSize Spare => Fits ? Room.Less(Need) : default;

    /// <summary>What is missing, or 0.</summary>
    public ByteSize Missing => Fits ? default : Need.Less(Room);

    /// <summary>Memory that programs get of a GPU: as measured, or by the vendor's usual share of the nominal size.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <exception cref="EstimateException">Nobody sourced its memory, or it is below 0.</exception>
    public static ByteSize Usable(Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        ByteSize nominal = gpu.UsableMemory ?? gpu.Memory ?? throw new EstimateException("Gpu",
            $"the memory of {gpu.Name} is not in the catalog.", "Give a GPU with memory.");
        if (nominal.Bytes < 0)
        {
            throw new EstimateException("Gpu.Memory", $"0 or more is right; that of {gpu.Name} is {nominal}.");
        }

        if (gpu.UsableMemory is not null)
        {
            return nominal;
        }

        double share = gpu.Vendor != "Apple" ? UsableShare : nominal.Gibibytes > 36 ? LargeAppleShare : SmallAppleShare;
        return new((long)(nominal.Bytes * share));
    }

    /// <summary>Need and room of an estimate on a kind of GPU.</summary>
    /// <exception cref="EstimateException">Nobody sourced the GPU's memory.</exception>
    internal static MemoryFit Of(in MemoryEstimate e, Gpu gpu) => new(gpu,
        gpu.HasUnifiedMemory ? e.PerGpu + e.Host : e.PerGpu,
        RoomFor(e.Engine, gpu, e.PerGpu.Less(e.PerGpuCache).Bytes, e.PerGpuBeyond), MemoryWarnings.Caution(e, gpu));

    /// <summary>The most that an engine can fill of a GPU, whatever it holds.</summary>
    internal static ByteSize RoomFor(Engine? engine, Gpu gpu) => RoomFor(engine, gpu, long.MaxValue, long.MaxValue);

    /// <summary>What an engine can fill of a GPU: its share f of the usable memory M, and beside it the graphs that it captures
    /// after it has reserved that share. Where the share is of what is free beside the cache, M − (1 − f) · (M − beside): as much
    /// remains free. Where it is of weights and cache alone, f · M for these and beyond it the rest, M at most.</summary>
    /// <param name="engine">The engine, or none.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="beside">Bytes that it holds there beside the cache.</param>
    /// <param name="beyond">What of that is activations and runtime.</param>
    internal static ByteSize RoomFor(Engine? engine, Gpu gpu, long beside, long beyond)
    {
        ByteSize usable = Usable(gpu);
        if (engine is { TakesShareOfFree: true })
        {
            return new(usable.Bytes - (long)((1 - engine.MemoryShare) * Math.Max(0, usable.Bytes - beside)));
        }

        if (engine is { KeepsActivationsBeyondShare: true })
        {
            return beyond >= usable.Bytes ? usable
                : new(Math.Min(usable.Bytes, (long)(engine.MemoryShare * usable.Bytes) + beyond));
        }

        long graphs = engine?.Memory?.Reserve.Graphs.Expected.Bytes ?? 0;
        double share = usable.Bytes * (engine?.MemoryShare ?? 1);
        return share >= usable.Bytes - graphs ? usable : new((long)share + graphs);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => Gpu is null ? "no estimate" : RecordText.Of(nameof(MemoryFit), PrintMembers);
}
