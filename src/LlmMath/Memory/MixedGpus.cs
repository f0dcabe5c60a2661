using LlmMath.Placement;

namespace LlmMath.Memory;

/// <summary>GPUs of different size.</summary>
internal static class MixedGpus
{
    /// <summary>Need and room of the GPU that decides.</summary>
    /// <param name="deployment">The deployment, laid over as many GPUs.</param>
    /// <param name="workload">What is asked.</param>
    /// <param name="gpus">The GPUs in the order of the stages.</param>
    /// <exception cref="EstimateException">Nobody sourced the memory of one.</exception>
    public static MemoryFit Fit(Deployment deployment, Workload workload, IReadOnlyList<Gpu> gpus)
    {
        // An engine sets itself up by the first GPU that it sees.
        MemoryEstimate there = (deployment with { Gpu = gpus[0] }).Memory(workload);
        bool isMixed = gpus.Any(gpu => gpu.Name != gpus[0].Name);
        bool isByLayer = there.Engine is { SplitsByLayer: true } && deployment.Placement.Data == 1;
        IEnumerable<MemoryFit> fits = isMixed && isByLayer
            ? ByLayer(there.Deployment.Placed, workload.Load, gpus)
            : gpus.Select(gpu => MemoryFit.Of(there, gpu));
        MemoryFit tightest = fits.MinBy(fit => fit.Room.Bytes - fit.Need.Bytes);
        string mixed = isByLayer
            ? $"GPUs of different kinds: layers are given by memory; {tightest.Gpu.Name} is the tightest."
            : $"GPUs of different kinds: each holds an equal share, so {tightest.Gpu.Name} decides for all.";
        MemoryEstimate asked = there;
        return !isMixed ? tightest
            : tightest with
            {
                Warning = string.Join(' ',
                    gpus.Select(gpu => MemoryWarnings.Caution(asked, gpu)).Distinct().Prepend(mixed).OfType<string>()),
            };
    }

    /// <summary>Layers as llama.cpp gives them: layer i of n, the head counted as one, goes to the first GPU whose share of the
    /// memory, summed up to it, is more than i ÷ n. Source: ggml-org/llama.cpp (fork unslothai/llama.cpp), src/llama-model.cpp,
    /// <c>load_tensors</c>, commit d32676d77426.</summary>
    private static IEnumerable<MemoryFit> ByLayer(PlacedModel on, SequenceLoad load, IReadOnlyList<Gpu> gpus)
    {
        int layers = on.Architecture.LayerCount, first = 0;
        double all = gpus.Sum(gpu => (double)MemoryFit.Usable(gpu).Bytes), below = 0;
        long runtime = on.Runtime.Expected.Bytes;
        for (int at = 0; at < gpus.Count; at++)
        {
            Gpu gpu = gpus[at];
            below += MemoryFit.Usable(gpu).Bytes;
            bool isLast = at == gpus.Count - 1;
            int end = isLast ? layers + 1 : (int)Math.Ceiling(below / all * (layers + 1));
            bool hasOutputs = end > layers && first <= layers;
            Stage stage = on.At(new(first, end > layers ? int.MaxValue : end, PlacedModel.BesideHost(at == 0, hasOutputs),
                hasOutputs));
            GpuPart part = InferenceFold.Part(on, stage, load, load.Requests);
            yield return new(gpu, new(part.Bytes + runtime + on.Additions), MemoryFit.RoomFor(on.Engine, gpu,
                part.Weights + part.Activations + runtime + on.Additions, part.Activations + runtime));
            first = end;
        }
    }
}
