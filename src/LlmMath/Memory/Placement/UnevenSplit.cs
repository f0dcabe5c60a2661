using LlmMath.Architectures;

namespace LlmMath.Memory.Placement;

/// <summary>Layers over GPUs of different size, as llama.cpp gives them: layer i of n, the head counted as one, goes to the first
/// GPU whose share of the memory, summed up to it, is more than i ÷ n. Source: ggml-org/llama.cpp (fork unslothai/llama.cpp),
/// src/llama-model.cpp, <c>load_tensors</c>, commit d32676d77426.</summary>
internal static class UnevenSplit
{
    /// <summary>Need and room of each GPU.</summary>
    public static IEnumerable<MemoryFit> Fits(ModelDefinition model, InferenceSetup setup, IReadOnlyList<Gpu> gpus)
    {
        Architecture a = model.Architecture;
        int layers = a.LayerCount, first = 0;
        double all = gpus.Sum(gpu => (double)MemoryFit.Usable(gpu).Bytes), below = 0;
        long runtime = InferenceFold.Runtime(a, setup.Engine, gpus.Count).Expected.Bytes;
        long additions = ((setup.Additions?.Sum(addition => addition.Size.Bytes) ?? 0) + gpus.Count - 1) / gpus.Count;
        for (int at = 0; at < gpus.Count; at++)
        {
            Gpu gpu = gpus[at];
            below += MemoryFit.Usable(gpu).Bytes;
            bool isLast = at == gpus.Count - 1;
            int end = isLast ? layers + 1 : (int)Math.Ceiling(below / all * (layers + 1));
            bool hasOutputs = end > layers && first <= layers;
            var shard = new Shard(first, end > layers ? int.MaxValue : end, InferenceFold.BesideHost(at == 0, hasOutputs),
                hasOutputs);
            GpuPart part = InferenceFold.Part(a, setup, shard, setup.Batch);
            yield return new(gpu, new(checked(part.Bytes + runtime + additions)), MemoryFit.RoomFor(setup.Engine, gpu));
            first = end;
        }
    }
}
