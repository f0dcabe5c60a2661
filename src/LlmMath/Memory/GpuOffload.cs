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

    // Null where the sizes have no number: such a split fits nothing.
    private static LayerOffload? Split(Deployment deployment, in SequenceLoad load, int gpuLayers, bool isUnified)
    {
        try
        {
            return Split(deployment.Placed, load, gpuLayers, isUnified);
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            return null;
        }
    }

    private static LayerOffload Split(PlacedModel on, in SequenceLoad load, int gpuLayers, bool isUnified)
    {
        int layers = on.Architecture.LayerCount, first = Math.Max(0, layers - gpuLayers);
        bool hasHead = gpuLayers > layers;
        GpuPart inputs = InferenceFold.Host(on, load, load.Requests);
        // The head runs on the GPU either way, so that its logits are there.
        bool isBesideHost = on.KeepsInputsOnHost;
        InputTensors allInputs = isBesideHost ? PlacedModel.BesideHost(true, true) : InputTensors.All;
        // The storage of a tied head is that of the embedding, once.
        InputTensors held = isBesideHost ? PlacedModel.BesideHost(first == 0, hasHead)
            : hasHead ? InputTensors.TiedToHead : InputTensors.None;
        GpuPart all = InferenceFold.Part(on, on.At(new(0, int.MaxValue, allInputs, true)), load, load.Requests);
        GpuPart part = InferenceFold.Part(on, on.At(new(first, int.MaxValue, held, hasHead)), load, load.Requests);
        long copied = hasHead ? 0 : on.At(Shard.OutputsAlone).Weights;
        long runtime = on.Runtime.Expected.Bytes;
        long host = checked(inputs.Bytes + all.Weights - part.Weights + all.Cache - part.Cache);
        long device = checked(part.Weights + part.Cache + all.Activations + copied + runtime);
        return gpuLayers == 0
            ? new(0, layers + 1, default, new(checked(host + all.Activations)))
            : new(gpuLayers, layers + 1, new(isUnified ? checked(device - copied + inputs.Bytes) : device), new(host));
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
