namespace LlmMath;

/// <summary>Need and room on one kind of GPU.</summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="Need">What the fullest GPU holds.</param>
/// <param name="Room">What programs can use, of which the engine takes its share.</param>
/// <param name="Warning">What a reader should know, or null.</param>
public readonly record struct MemoryFit(Gpu Gpu, ByteSize Need, ByteSize Room, string? Warning = null)
{
    // Of nominal memory, where nobody measured the GPU: NVIDIA's carve-outs leave 98.2 % (RTX 3090: 23.58 of 24 GiB) to 99.0 %
    // (H100:
    // 79.18 of 80 GiB).
    private const double UsableShare = 0.98;

    // macOS lends a GPU two thirds of up to 36 GiB and three quarters of more (recommendedMaxWorkingSetSize).
    private const double SmallAppleShare = 2.0 / 3, LargeAppleShare = 0.75;

    /// <summary>Whether the need is no more than the room.</summary>
    public bool Fits => Need <= Room;

    /// <summary>What is left, or 0.</summary>
    public ByteSize Spare => Fits ? new(Room.Bytes - Need.Bytes) : default;

    /// <summary>What is missing, or 0.</summary>
    public ByteSize Missing => Fits ? default : new(Need.Bytes - Room.Bytes);

    /// <summary>Memory that programs get of a GPU: as measured, or by the vendor's usual share of the nominal size.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <exception cref="ArgumentException">Nobody sourced its memory.</exception>
    public static ByteSize Usable(Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        if (gpu.UsableMemory is { } measured)
        {
            return measured;
        }

        ByteSize nominal = gpu.Memory ?? throw new ArgumentException(
            $"{gpu.Name}: its memory is not in the catalog; give a GPU with memory.", nameof(gpu));
        double share = gpu.Vendor != "Apple" ? UsableShare : nominal.Gibibytes > 36 ? LargeAppleShare : SmallAppleShare;
        return new((long)(nominal.Bytes * share));
    }

    internal static MemoryFit Of(ByteSize need, Gpu gpu, EngineMemory? engine)
    {
        ByteSize usable = Usable(gpu);
        // Graphs are captured after the engine has reserved its share, beside it.
        long room = engine is null ? usable.Bytes
            : Math.Min(usable.Bytes, (long)(usable.Bytes * engine.MemoryShare) + engine.Graphs.Expected.Bytes);
        return new(gpu, need, new(room),
            engine is null ? "No engine was given: activations and runtime are not in the need." : null);
    }
}
