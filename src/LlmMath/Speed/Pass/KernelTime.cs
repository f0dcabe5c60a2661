using LlmMath.Architectures;
using LlmMath.Engines.Kernels;
using LlmMath.Engines;
using LlmMath.Models.Attention;
using LlmMath.Placement.Work;
using LlmMath.Speed.Kernels;

namespace LlmMath.Speed.Pass;

/// <summary>
/// Time of a pass as the sum of its kernels, as they were timed one by one, times what an engine was measured to take of that.
/// Kernels that follow each other in a graph hide a part of their launch, which single timings hold. No kernel is faster than
/// reading its operands or multiplying them at the peak.
/// </summary>
internal static class KernelTime
{
    /// <summary>Products, experts among them, and moving what enters and leaves them.</summary>
    public static PassTime Of(in DeployedModel on, DeployedKernels kernels, EngineConstants c, in PassLoad load, PassParts? parts)
    {
        double weights = 0, products = 0;
        LogCut tokens = kernels.Device.ProductCut(load.Tokens), headTokens = kernels.Device.ProductCut(load.HeadTokens);
        for (int i = 0; i < kernels.Blocks.Length; i++)
        {
            Add(on, kernels, c, kernels.Products.Blocks[i], kernels.Blocks[i], load.Tokens, tokens, "product", parts,
                ref weights, ref products);
        }

        Add(on, kernels, c, kernels.Products.Head, kernels.Head, load.HeadTokens, headTokens, "head", parts, ref weights,
            ref products);
        foreach (ref readonly ExpertProduct experts in kernels.Products.Experts.AsSpan())
        {
            AddExperts(on, kernels, c, experts, load.Tokens * on.WorkingReplicas, parts, ref weights, ref products);
        }

        double moved = load.Tokens * on.Work.Blocks.Ends * c.ActivationBytes / on.Tensor;
        parts?.Add("activations", 1, moved, PassMeasure.Bytes, on.BytesPerSecond, moved / on.BytesPerSecond);
        return new(weights, products, 0, 0, 0, 0, (moved / on.BytesPerSecond) + Streams(on, kernels, load, parts));
    }

    // Each GPU mixes the streams of all tokens.
    private static double Streams(in DeployedModel on, DeployedKernels kernels, in PassLoad load, PassParts? parts)
    {
        if (on.Work.StreamLayers == 0)
        {
            return 0;
        }

        double width = on.Work.Streams * (double)on.Work.HiddenSize;
        double seconds = on.Work.StreamLayers * kernels.Device.Streams(load.Tokens, width);
        parts?.Add("residual streams", on.Work.StreamLayers, KernelWork.Of(KernelOperator.Streams, 16, 16,
            [load.Tokens, width]).Bytes, PassMeasure.Bytes, on.BytesPerSecond, seconds);
        return seconds;
    }

    /// <summary>Reading the cache and attention's products of the layers of one kind.</summary>
    public static (double Cache, double Attention) Attention(in DeployedModel on, DeployedKernels kernels, EngineConstants c,
        in PassLoad load, in MixerLayers mixer, PassParts? parts)
    {
        if (mixer.Kernel.Kind == MixerKernelKind.Beside)
        {
            return default;
        }

        (double cache, double attention) = RecurrentOf(mixer.Kernel.Kind) is { } recurrent
            ? Recurrent(on, kernels, load, mixer, recurrent)
            : Scored(on, kernels, c, load, mixer);
        MixerWork work = mixer.Work;
        double attended = work.Attended(load.Context), share = on.CacheShare(mixer);
        double bytes = load.Sequences * ((attended * work.ReadElements * on.CacheBytes * share)
            + (2 * mixer.StateBytes / on.Tensor));
        double written = load.Written / on.Tensor * ((attended * work.CachedPairOperations) + work.StateOperations);
        double read = load.PromptTokens == 0 ? 0 : ((work.Pairs(load.Cached, load.Prompt) * load.Prompts
            * work.PairOperations) + (load.PromptTokens * work.StateOperations)) / on.Tensor;
        cache = mixer.Layers * Math.Max(c.DecodeFactor * cache,
            Math.Max(bytes / on.BytesPerSecond, written / on.AttentionRate));
        attention = mixer.Layers * Math.Max(c.PromptFactor * attention, read / on.AttentionRate);
        parts?.Add("attention to the cache", mixer.Layers, bytes, PassMeasure.Bytes, on.BytesPerSecond, cache);
        parts?.Add("attention in prompts", mixer.Layers, read, PassMeasure.Operations, on.AttentionRate, attention);
        // Timings of sparse attention hold its indexer.
        (double keys, double scores) = mixer.Kernel.IsKnownAlone ? default : AttentionTime.Indexer(on, c, load, mixer, parts);
        return (cache + keys, attention + scores);
    }

    /// <summary>The recurrence of a kernel; null where it is none.</summary>
    public static RecurrentKind? RecurrentOf(MixerKernelKind kind) => kind switch
    {
        MixerKernelKind.GatedDelta => RecurrentKind.GatedDelta,
        MixerKernelKind.KimiDelta => RecurrentKind.Kda,
        MixerKernelKind.Mamba2 => RecurrentKind.Mamba2,
        _ => null,
    };

    /// <summary>The attention of a kernel that is no recurrence.</summary>
    public static AttentionKind AttentionOf(MixerKernelKind kind) => kind switch
    {
        MixerKernelKind.Latent => AttentionKind.Latent,
        MixerKernelKind.CompressedSparse => AttentionKind.Csa,
        MixerKernelKind.HeavilyCompressed => AttentionKind.Hca,
        MixerKernelKind.BlockSparse => AttentionKind.Msa,
        _ => AttentionKind.Grouped,
    };

    private static (double Cache, double Attention) Recurrent(in DeployedModel on, DeployedKernels kernels, in PassLoad load,
        in MixerLayers mixer, RecurrentKind kind)
    {
        MixerKernel kernel = mixer.Kernel;
        var shape = new RecurrentShape(kind,
            Math.Max(1, kernel.Heads / on.Tensor), kernel.HeadDim, kernel.StateDim, Math.Max(1, kernel.Channels / on.Tensor));
        double each = Math.Min(load.PromptTokens, load.Prompt);
        return (load.Sequences > 0 ? kernels.Device.Recurrent(shape, load.Sequences, load.TokensEach) : 0,
            load.PromptTokens > 0 ? kernels.Device.Recurrent(shape, load.PromptTokens / each, each) : 0);
    }

    // A part of a prompt stands in its middle on average.
    private static (double Cache, double Attention) Scored(
        in DeployedModel on, DeployedKernels kernels, EngineConstants c, in PassLoad load, in MixerLayers mixer)
    {
        MixerKernel kernel = mixer.Kernel;
        AttentionKind kind = AttentionOf(kernel.Kind);
        bool isSparse = kind >= AttentionKind.Dsa;
        double limit = mixer.Work.PairLimit ?? 0, each = Math.Min(load.PromptTokens, load.Prompt);
        var shape = new AttentionShape(kind,
            Math.Max(1, kernel.Heads / on.Tensor), Math.Max(1, kernel.KeyHeads / on.Tensor), kernel.HeadDim,
            isSparse ? kernel.Window : limit, on.CacheBytes < 2 ? 8 : 16, mixer.Work.TokensPerEntry, isSparse ? limit : 0);
        double context = limit > 0 && !isSparse ? Math.Min(load.Context, limit) : load.Context;
        DeviceKernels device = kernels.Device;
        double hidden = 1 - Math.Min(1, c.LaunchShare);
        return (load.Sequences > 0
                ? device.DecodeAttention(shape, load.Sequences, context) - (hidden * device.DecodeLaunch(shape)) : 0,
            load.PromptTokens > 0 ? device.PrefillAttention(
                shape, load.PromptTokens / each, each, load.Cached + ((load.Prompt - each) / 2))
                - (hidden * device.PrefillLaunch(shape)) : 0);
    }

    private static void Add(in DeployedModel on, DeployedKernels kernels, EngineConstants c, in MatrixProduct product,
        ProductTime timing, double tokens, in LogCut at, string term, PassParts? parts, ref double weights, ref double products)
    {
        if (product.Layers == 0 || tokens == 0)
        {
            return;
        }

        KernelFormat format = kernels.FormatOf(product.Width);
        double hidden = (1 - Math.Min(1, c.LaunchShare)) * kernels.Launch;
        double bytes = product.Outputs * product.Inputs * format.WeightBits() / 8, read = bytes / on.BytesPerSecond;
        double operations = 2 * tokens * product.Outputs * product.Inputs, multiply = operations / on.RateOf(product.Width);
        double timed = timing.Seconds(tokens, at) - hidden;
        double seconds = product.Layers * Math.Max(c.ProductFactor * timed, Math.Max(read, multiply));
        Count(on, product.Width, parts is null ? "" : $"{term} {product.Outputs:0.#} × {product.Inputs:0.#} in {format.Word()}",
            product.Layers, bytes, operations, seconds, parts, ref weights, ref products);
    }

    private static void AddExperts(in DeployedModel on, DeployedKernels kernels, EngineConstants c, in ExpertProduct experts,
        double tokens, PassParts? parts, ref double weights, ref double products)
    {
        bool divides = on.DividesExperts;
        double inner = divides ? experts.IntermediateSize / on.Expert : experts.IntermediateSize;
        double held = divides ? experts.Experts : experts.Experts / on.Expert;
        KernelFormat format = kernels.ExpertFormatOf(experts.Width);
        var shape = new ExpertShape(experts.HiddenSize, inner, held, experts.Experts, experts.Active, format);
        double elements = 3 * experts.HiddenSize * inner, picks = tokens * experts.Active * held / experts.Experts;
        double touched = held * ExpertWork.TouchedShare(experts.Active / experts.Experts, MatrixTime.Independent(c, tokens));
        double bytes = touched * elements * format.WeightBits() / 8, operations = 2 * picks * elements;
        double hidden = (1 - Math.Min(1, c.LaunchShare)) * kernels.Device.ExpertLaunch(format);
        double factor = experts.Width == ElementWidth.Four ? c.ExpertFactor * c.FourBitExpertFactor : c.ExpertFactor;
        double seconds = experts.Layers * Math.Max(factor * (kernels.Device.Experts(shape, tokens) - hidden),
            Math.Max(bytes / on.BytesPerSecond, operations / on.RateOf(experts.Width)));
        Count(on, experts.Width, parts is null ? "" : $"experts {experts.HiddenSize:0} × {inner:0.#} in {format.Word()}",
            experts.Layers, bytes, operations, seconds, parts, ref weights, ref products);
    }

    // A kernel's time counts as reading where that takes longer at the peak, else as multiplying.
    private static void Count(in DeployedModel on, ElementWidth width, string term, double layers, double bytes,
        double operations, double seconds, PassParts? parts, ref double weights, ref double products)
    {
        if (bytes / on.BytesPerSecond >= operations / on.RateOf(width))
        {
            weights += seconds;
            parts?.Add(term, layers, bytes, PassMeasure.Bytes, on.BytesPerSecond, seconds);
        }
        else
        {
            products += seconds;
            parts?.Add(term, layers, operations, PassMeasure.Operations, on.RateOf(width), seconds);
        }
    }
}
