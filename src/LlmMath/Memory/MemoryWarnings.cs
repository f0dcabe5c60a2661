using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Memory;

/// <summary>What a reader should know about an estimate.</summary>
internal static class MemoryWarnings
{
    public static ValueList<string> Of(in MemoryEstimate e)
    {
        var warnings = new List<string>();
        Deployment deployment = e.Deployment;
        ModelDefinition model = deployment.Model;
        Architecture a = model.Architecture;
        MemoryFit? fit = e.Fit;
        if (fit is { Fits: false } misfit)
        {
            warnings.Add($"{model.Name} does not fit {misfit.Gpu}: {misfit.Need} of {misfit.Room}.");
        }

        bool hasVision = deployment.Additions.Any(addition => addition.Kind == PartKind.Vision);
        warnings.AddRange(a.NotCounted.Where(part => !hasVision || part.Kind is not (PartKind.Vision or PartKind.Projector))
            .Select(part => $"not in these figures: {part}"));
        if (model.NotUnderstood is { Count: > 0 } missed)
        {
            warnings.Add($"{model.Name}'s config has fields that its family does not read, so that the figures may be another "
                + $"model's: {missed[0]}"
                + (missed.Count > 1 ? $" and {N(missed.Count - 1)} more." : "."));
        }

        if (a.ContextLength is null && !e.Workload.ExtendsContext)
        {
            warnings.Add($"{model.Name}'s definition does not say for how many tokens it was made: no context is refused.");
        }

        if (e.Engine is { Memory.IsMeasured: false } engine)
        {
            warnings.Add($"{engine.Name}'s activations and runtime were not measured: they are guessed from other engines.");
        }

        if (deployment.StoredWeights is null && IsOftenMixed(a, deployment.Weights))
        {
            warnings.Add($"published {deployment.Weights} checkpoints of such models often leave attention or other matrices in "
                + "16 bits; here all linear layers of the blocks are quantized. A checkpoint's own bytes are exact: estimate "
                + "from its file.");
        }

        if (e.Engine is { Load.KeepsInputsOnHost: true } && Has(a, static mixer => mixer.Cache.IsCompressed))
        {
            warnings.Add("files of latent attention made before llama.cpp knew it (April 2025) cache whole heads, "
                + "many times these bytes.");
        }

        if (e.Workload.Speculation is not null && DraftBlocks.Missing(deployment) is { } missing)
        {
            warnings.Add(missing);
        }

        if (fit?.Warning is { } caution)
        {
            warnings.Add(caution);
        }

        return [.. warnings];
    }

    /// <summary>What a reader should know of a fit on a GPU, or null.</summary>
    public static string? Caution(in MemoryEstimate e, Gpu gpu) => e.Engine is not { } engine
        ? "No engine was given: activations and runtime are not in the need."
        : string.Join(' ', new[]
            {
                e.Deployment.Engine is not null ? null : $"No engine was given: {engine} is taken.",
                engine.LacksMemory(),
                FormatSupport.Lacks(e.Deployment.Weights, engine, gpu),
            }.OfType<string>())
            is { Length: > 0 } caution ? caution : null;

    private static bool IsOftenMixed(Architecture a, WeightFormat weights) => weights.PublishedMix switch
    {
        PublishedMix.All => true,
        PublishedMix.MixturesAndRecurrent => Has(a, static mixer => mixer.Cache.HasState)
            || a.Blocks.Any(block => block.FeedForwards.Any(layer => layer.ExpertElements > 0)),
        _ => false,
    };

    private static bool Has(Architecture a, Func<SequenceMixer, bool> what) => a.Blocks.Any(block => block.Mixers.Any(what));
}
