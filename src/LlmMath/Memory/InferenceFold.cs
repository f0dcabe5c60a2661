using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Placement.Cache;

namespace LlmMath.Memory;

/// <summary>Puts an estimate together: stage by stage of a pipeline, what one GPU of each holds. Allocates nothing.</summary>
internal static class InferenceFold
{
    /// <summary>What a load takes, over all GPUs and on the fullest.</summary>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1 bytes.</exception>
    public static MemorySums Sum(PlacedModel on, in SequenceLoad load)
    {
        Parallelism over = on.Of.Placement;
        int batch = load.OfReplica(over.Data), copies = over.Tensor * over.Data;
        GpuPart host = Host(on, load, batch);
        long weights = over.Data * host.Weights, activations = over.Data * host.Activations,
            cache = over.Data * host.Cache;
        GpuPart largest = default;
        foreach (ref readonly Stage stage in on.Stages.AsSpan())
        {
            GpuPart part = Part(on, stage, load, batch);
            weights += copies * part.Weights;
            cache += copies * part.Cache;
            activations += copies * part.Activations;
            largest = part.Bytes > largest.Bytes ? part : largest;
        }

        if (on.IsOnHost)
        {
            return Checked(on, OnHost(on, weights, cache, activations));
        }

        return Checked(on, new MemorySums(weights, cache, activations, over.Data * host.Bytes, largest,
            on.Runtime.Expected.Bytes, on.Additions, over.Gpus));
    }

    // Without a GPU everything lies in system memory, and there is no GPU's context.
    private static MemorySums OnHost(PlacedModel on, long weights, long cache, long activations) =>
        new(weights, cache, activations, weights + cache + activations + on.Additions, default, 0, on.Additions, 1)
        {
            IsOnHost = true,
        };

    private static MemorySums Checked(PlacedModel on, in MemorySums sums)
    {
        // Sums that have no number are none.
        _ = checked((long)(sums.Total * (on.Engine?.Memory?.Spread.High ?? 1)));
        _ = sums.PerGpu;
        return sums;
    }

    /// <summary>The sums; null where they exceed 2⁶³ − 1 bytes, which no GPU has: to a search, what does not fit.</summary>
    public static MemorySums? TrySum(PlacedModel on, in SequenceLoad load)
    {
        try
        {
            return Sum(on, load);
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            return null;
        }
    }

    /// <summary>The same of a deployment that may have no sizes at all.</summary>
    public static MemorySums? TrySum(Deployment deployment, in SequenceLoad load)
    {
        try
        {
            return Sum(deployment.Placed, load);
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            return null;
        }
    }

    /// <summary>What one GPU of a stage holds, its runtime left out.</summary>
    /// <param name="on">The deployment.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="load">The sequences.</param>
    /// <param name="batch">Sequences of its replica.</param>
    public static GpuPart Part(PlacedModel on, in Stage stage, in SequenceLoad load, int batch)
    {
        DraftBlocks? drafts = load.Drafts ? stage.Drafts : null;
        return new(stage.Weights + (drafts?.Weights ?? 0),
            (batch * CacheFold.Sum(stage.Cached, on.Layout, load.Context, load.EncoderTokens))
                + (drafts?.CacheOf(on, load, batch) ?? 0),
            Activation.Peak(on, stage, load, batch));
    }

    /// <summary>What lies in system memory whatever the GPUs of a replica hold: tables, and a pass's inputs.</summary>
    public static GpuPart Host(PlacedModel on, in SequenceLoad load, int batch) =>
        new(on.HostWeights, batch * CacheFold.Sum(on.HostCached, on.Layout, load.Context, load.EncoderTokens),
            Activation.Host(on, load, batch));
}

/// <summary>What one GPU, or system memory, holds, in bytes.</summary>
internal readonly record struct GpuPart(long Weights, long Cache, long Activations)
{
    public long Bytes => Weights + Cache + Activations;
}

/// <summary>What a deployment holds, in bytes.</summary>
/// <param name="Weights">Weights of all GPUs and system memory.</param>
/// <param name="Cache">Cached keys, values and states of all GPUs.</param>
/// <param name="Activations">Activations of all GPUs and system memory.</param>
/// <param name="Host">What of these lies in system memory.</param>
/// <param name="Fullest">What the fullest GPU holds.</param>
/// <param name="Runtime">Runtime of each GPU.</param>
/// <param name="Additions">What each GPU holds beside the model.</param>
/// <param name="Gpus">GPUs.</param>
internal readonly record struct MemorySums(
    long Weights, long Cache, long Activations, long Host, GpuPart Fullest, long Runtime, long Additions, int Gpus)
{
    /// <summary>Whether no GPU holds anything.</summary>
    public bool IsOnHost { get; init; }

    public long PerGpu => IsOnHost ? 0 : Fullest.Bytes + Runtime + Additions;

    public long Total => Weights + Cache + Activations + (Gpus * Runtime) + (Gpus * Additions);

    /// <summary>What counts against the room of a kind of GPU: where it shares the system's memory, what lies there
    /// too.</summary>
    public long Need(Gpu gpu) => gpu.HasUnifiedMemory ? PerGpu + Host : PerGpu;

    /// <summary>What an engine can fill of a kind of GPU that holds these.</summary>
    public long Room(Engine? engine, Gpu gpu) => MemoryFit.RoomFor(engine, gpu, PerGpu - Fullest.Cache,
        Fullest.Activations + Runtime).Bytes;

    /// <summary>Whether the need is no more than the room.</summary>
    public bool Fits(Engine? engine, Gpu gpu) => Need(gpu) <= Room(engine, gpu);
}
