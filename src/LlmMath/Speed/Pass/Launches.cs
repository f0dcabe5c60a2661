using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>What decides how often a pass launches, beside its model.</summary>
/// <param name="Tensor">GPUs that share a layer's matrices.</param>
/// <param name="Expert">GPUs that share the experts.</param>
/// <param name="Pipeline">Stages.</param>
/// <param name="RoundsActivations">Whether what enters packed weights is rounded by kernels of their own.</param>
internal readonly record struct LaunchShape(int Tensor, int Expert, int Pipeline, bool RoundsActivations)
{
    /// <summary>Replicas of attention that share the experts: 1 unless attention is data-parallel.</summary>
    public int AttentionReplicas => Math.Max(1, Expert / Tensor);
}

/// <summary>Time of a pass that no kernel's size explains: launching, scheduling, sampling.</summary>
internal static class Launches
{
    /// <summary>The sum over the pass, its layers by what is in them, its sequences, and what prompts add.</summary>
    /// <param name="work">The model's layers.</param>
    /// <param name="on">How it is laid out.</param>
    /// <param name="c">The engine's constants.</param>
    /// <param name="load">What the pass is given.</param>
    /// <param name="kernels">Seconds that the pass's kernels run, while the host launches those of the layers after them: of a
    /// pass with prompts, which no graph holds, what launching takes longer shows. 0 where constants hold what shows.</param>
    /// <param name="parts">Where the working is written, or null.</param>
    public static double Of(
        ModelWork work, in LaunchShape on, EngineConstants c, in PassLoad load, double kernels, PassParts? parts)
    {
        double sum = 0;
        Add("once a pass", on.Pipeline, c.StepSeconds, parts, ref sum);
        Add("layers", work.Layers, c.LayerSeconds, parts, ref sum);
        Add("layers, for each doubling of GPUs", work.Layers * Math.Log2(on.Tensor), c.HopSeconds, parts, ref sum);
        Add("matrices", work.Blocks.Matrices + work.Head.Matrices, c.MatrixSeconds, parts, ref sum);
        Add("norms", work.Norms, c.NormSeconds, parts, ref sum);
        Add("activations to experts in fewer bits", RoundedLayers(work, on), c.RoundedLayerSeconds, parts, ref sum);
        Add("layers of experts", work.MixtureLayers, c.MixtureLayerSeconds, parts, ref sum);
        Add("layers of latent attention", work.LayersWith(MixerOverhead.Latent), c.LatentLayerSeconds, parts, ref sum);
        Add("layers with an indexer", work.LayersWith(MixerOverhead.Indexer), c.IndexerLayerSeconds, parts, ref sum);
        Add("recurrent layers", work.LayersWith(MixerOverhead.Recurrent), c.RecurrentLayerSeconds, parts, ref sum);
        Add("sequences", load.Sequences, c.SequenceSeconds, parts, ref sum);
        Add("sequences, stage by stage", on.Pipeline > 1 ? on.Pipeline * load.Sequences : 0, c.StageSequenceSeconds, parts,
            ref sum);
        Add("experts elsewhere, for each doubling of GPUs",
            on.AttentionReplicas > 1 ? work.MixtureLayers * Math.Log2(on.Expert) : 0, c.ExchangeSeconds, parts, ref sum);
        if (load.PromptTokens > 0)
        {
            Add("pass with prompts", 1, c.PrefillStepSeconds, parts, ref sum);
            if (kernels > 0)
            {
                Add("launching layers with prompts, beyond their kernels", 1,
                    Math.Max(0, (work.Layers * c.PrefillLayerSeconds) - kernels), parts, ref sum);
            }
            else
            {
                Add("layers with prompts", work.Layers, c.PrefillLayerSeconds, parts, ref sum);
            }
        }

        return sum;
    }

    /// <summary>Seconds of the host before a first token, beside those of any request: a pass with prompts is launched kernel by
    /// kernel, and layers of experts and of latent attention have many.</summary>
    public static double BeforeFirst(ModelWork work, EngineConstants c) => c.FirstMixtureLayerSeconds
        * (work.MixtureLayers + (c.FirstLatentLayers * work.LayersWith(MixerOverhead.Latent)));

    /// <summary>Layers that round what enters their experts by kernels of their own; dense ones do that within the norm or the
    /// activation before it.</summary>
    public static int RoundedLayers(ModelWork work, in LaunchShape on) =>
        on.RoundsActivations ? Math.Min(work.PackedLayers, work.MixtureLayers) : 0;

    private static void Add(string term, double times, double each, PassParts? parts, ref double sum)
    {
        sum += times * each;
        parts?.Add(term, times, each);
    }
}
