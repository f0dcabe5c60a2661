using LlmMath.Architectures;
using LlmMath.Memory;
using LlmMath.Placement;
using LlmMath.Placement.Shards;

namespace LlmMath;

/// <summary>A model split between a GPU and system memory.</summary>
public static class GpuOffload
{
    /// <summary>
    /// Layers that a GPU takes where the rest stays in system memory: llama.cpp's <c>-ngl</c>, LLamaSharp's <c>GpuLayerCount</c>.
    /// As there the last layers go first, each with its cache, then the head as one layer more; the embedding stays. While layers
    /// are left, the GPU still multiplies large batches by their matrices, which it copies one at a time; the head's is the
    /// largest or nearly so. Source: ggml-org/llama.cpp (fork unslothai/llama.cpp), src/llama-model.cpp, <c>load_tensors</c>,
    /// commit d32676d77426; copies: ggml-org/llama.cpp, pull request 6083.
    /// </summary>
    /// <param name="deployment">What serves, on one GPU.</param>
    /// <param name="workload">What is asked of it.</param>
    /// <exception cref="EstimateException">Something cannot be, the deployment names no GPU or several, or nobody sourced the
    /// GPU's memory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sizes exceed 2⁶³ − 1 bytes; the error names what is too
    /// much.</exception>
    public static LayerOffload GpuLayers(this Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(workload);
        Gpu gpu = deployment.Gpu
            ?? throw new EstimateException(nameof(deployment.Gpu), "the deployment names none; layers are offloaded to one.");
        Architecture a = deployment.Model.Architecture;
        workload.Check(a.ContextLength);
        if (deployment.Placement.Gpus != 1)
        {
            throw new EstimateException(nameof(deployment.Placement), "layers are offloaded to one GPU.");
        }

        SequenceLoad load = workload.Load;
        LayerOffload best = Split(deployment, load, 0, gpu.HasUnifiedMemory) ?? throw TooMuch.Of(deployment, load);
        long room = MemoryFit.RoomFor(deployment.Placed.Engine, gpu).Bytes;
        bool Fits(int layers, out LayerOffload split)
        {
            split = Split(deployment, load, layers, gpu.HasUnifiedMemory) ?? default;
            return split.AllLayers > 0 && split.GpuBytes.Bytes <= room;
        }

        // With the head no matrix is copied any more, so that all may fit where fewer do not. Below that, each layer adds to what
        // the GPU holds: the most is found by halving.
        if (Fits(a.LayerCount + 1, out LayerOffload all))
        {
            return all;
        }

        int low = 0, high = a.LayerCount;
        while (low < high)
        {
            int middle = high - ((high - low) / 2);
            if (Fits(middle, out LayerOffload split))
            {
                (low, best) = (middle, split);
            }
            else
            {
                high = middle - 1;
            }
        }

        return best;
    }

    /// <summary>The fewest first layers whose routed experts lie in system memory so that the rest fits the GPU: llama.cpp's
    /// <c>--n-cpu-moe</c>. Null where there are no routed experts, the engine keeps none there, or not even all of them make it
    /// fit.</summary>
    /// <param name="deployment">What serves, on one GPU whose memory is known.</param>
    /// <param name="workload">What is asked of it.</param>
    public static ExpertOffload? FittingExperts(this Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(workload);
        Architecture a = deployment.Model.Architecture;
        if (deployment.Gpu is not { IsMemoryKnown: true, HasUnifiedMemory: false } gpu || deployment.Placement.Gpus != 1
            || !deployment.Placed.KeepsInputsOnHost
            || !a.Blocks.Any(block => block.Tensors.Any(tensor => tensor.Role == TensorRole.Expert)))
        {
            return null;
        }

        SequenceLoad load = workload.Load;
        int low = 0, high = a.LayerCount + 1;
        ExpertOffload? best = null;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            TensorPlacement placement = new() { Rules = [TensorRule.ExpertsOfFirst(Math.Min(middle, a.LayerCount))] };
            bool fits = InferenceFold.TrySum(deployment with { Tensors = placement }, load) is { } sums
                && sums.Fits(deployment.Placed.Engine, gpu);
            if (fits && InferenceFold.TrySum(deployment with { Tensors = placement }, load) is { } held)
            {
                best = new(placement, new(held.PerGpu), new(held.Host));
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return best;
    }

    /// <summary>The deployment with as much in system memory as makes it fit its GPU: the experts of as few layers as do, else as
    /// few layers as do. Itself where it fits, or neither helps: on several GPUs, on one that shares the system's memory, with an
    /// engine that keeps no tensors in system memory.</summary>
    /// <param name="deployment">What serves.</param>
    /// <param name="workload">What is asked of it.</param>
    public static Deployment Fitting(this Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(workload);
        workload.Check(deployment.Model.Architecture.ContextLength);
        if (deployment.Tensors is not null || deployment.Placement.Gpus != 1
            || deployment.Gpu is not { IsMemoryKnown: true, HasUnifiedMemory: false } gpu || !deployment.Placed.KeepsInputsOnHost
            || (InferenceFold.TrySum(deployment, workload.Load) is { } sums
                && sums.Fits(deployment.Placed.Engine, gpu)))
        {
            return deployment;
        }

        return deployment.FittingExperts(workload) is { } experts ? deployment with { Tensors = experts.Placement }
            : deployment.GpuLayers(workload) is { GpuLayers: > 0 and var layers }
                ? deployment with { Tensors = new() { GpuLayers = layers } } : deployment;
    }

    // Null where the sizes have no number: such a split fits nothing.
    private static LayerOffload? Split(Deployment deployment, in SequenceLoad load, int gpuLayers, bool isUnified)
    {
        Deployment split = deployment with { Tensors = (deployment.Tensors ?? new()) with { GpuLayers = gpuLayers } };
        return InferenceFold.TrySum(split, load) is not { } sums ? null
            : new(gpuLayers, deployment.Model.Architecture.LayerCount + 1,
                new(isUnified ? sums.PerGpu + InferenceFold.Host(split.Placed, load, load.Requests).Bytes : sums.PerGpu),
                new(sums.Host));
    }
}

/// <summary>A model split between a GPU and system memory.</summary>
/// <param name="GpuLayers">Layers on the GPU: what <c>-ngl</c> takes; the head counts as the last. 0 where nothing fits.</param>
/// <param name="AllLayers">Layers and head: all of them on the GPU.</param>
/// <param name="GpuBytes">What the GPU holds.</param>
/// <param name="HostBytes">What system memory holds.</param>
public readonly record struct LayerOffload(int GpuLayers, int AllLayers, ByteSize GpuBytes, ByteSize HostBytes)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() =>
        AllLayers == 0 ? "no estimate" : Basics.RecordText.Of(nameof(LayerOffload), PrintMembers);
}

/// <summary>A mixture whose experts lie partly in system memory.</summary>
/// <param name="Placement">Which.</param>
/// <param name="GpuBytes">What the GPU holds.</param>
/// <param name="HostBytes">What system memory holds.</param>
public sealed record ExpertOffload(TensorPlacement Placement, ByteSize GpuBytes, ByteSize HostBytes)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => Basics.RecordText.Of(nameof(ExpertOffload), PrintMembers);
}
