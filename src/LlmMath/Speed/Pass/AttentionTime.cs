using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Models.Attention;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>Time of a pass's attention and recurrent states, beside their matrices.</summary>
internal static class AttentionTime
{
    /// <summary>Reading the cache, and attention's products.</summary>
    public static (double Cache, double Attention) Of(
        in DeployedModel on, EngineConstants c, in PassLoad load, PassParts? parts)
    {
        double cache = 0, attention = 0;
        foreach (ref readonly MixerLayers mixer in on.Work.Mixers.AsSpan())
        {
            (double read, double multiply) = on.Kernels is { } kernels && mixer.Kernel.Kind != MixerKernelKind.None
                ? KernelTime.Attention(on, kernels, c, load, mixer, parts)
                : Roofline(on, c, load, mixer, parts);
            (cache, attention) = (cache + read, attention + multiply);
        }

        return (cache, attention);
    }

    /// <summary>What an indexer adds of itself: scoring every cached token, or entry, and reading its key.</summary>
    public static (double Cache, double Attention) Indexer(
        in DeployedModel on, EngineConstants c, in PassLoad load, in MixerLayers mixer, PassParts? parts)
    {
        MixerWork work = mixer.Work;
        if (work.IndexOperations == 0)
        {
            return default;
        }

        double rate = on.Rates.Wide * c.AttentionEfficiency, written = load.Written * load.Context * work.IndexOperations;
        double keys = load.Sequences * load.Context * mixer.Cache.IndexElements / mixer.Cache.TokensPerEntry * on.CacheBytes;
        double read = mixer.Layers * keys / (on.BytesPerSecond * c.CacheBandwidthEfficiency);
        double scored = load.PromptTokens == 0 ? 0
            : work.IndexedPairs(load.Cached, load.Prompt) * load.Prompts * work.IndexOperations;
        double multiply = mixer.Layers * (written + scored) / on.Tensor / rate;
        parts?.Add("indexer's keys", mixer.Layers, keys, PassMeasure.Bytes, on.BytesPerSecond, read);
        parts?.Add("indexer", mixer.Layers, (written + scored) / on.Tensor, PassMeasure.Operations, on.Rates.Wide, multiply);
        return (read, multiply);
    }

    private static double RateOf(in DeployedModel on) => on.IsBound ? on.AttentionRate : on.Rates.Wide;

    private static (double Cache, double Attention) Roofline(
        in DeployedModel on, EngineConstants c, in PassLoad load, in MixerLayers mixer, PassParts? parts)
    {
        (double cache, double attention) = load.Sequences > 0 ? Written(on, c, load, mixer, parts) : default;
        (double again, double read) = load.PromptTokens > 0 ? Read(on, c, load, mixer, parts) : default;
        return (cache + again, attention + read);
    }

    private static double Latent(EngineConstants c, MixerWork work) =>
        (work.Overhead & MixerOverhead.Latent) != 0 ? c.LatentCacheFactor : 1;

    // Of each sequence the attended tokens' keys and values, the indexer's keys and the states are read once, whatever drafts.
    private static (double Cache, double Attention) Written(
        in DeployedModel on, EngineConstants c, in PassLoad load, in MixerLayers mixer, PassParts? parts)
    {
        MixerWork work = mixer.Work;
        double attended = work.Attended(load.Context);
        double indexed = load.Context * mixer.Cache.IndexElements / mixer.Cache.TokensPerEntry;
        double bytes = load.Sequences * ((((attended * work.ReadElements) + indexed) * on.CacheBytes * on.CacheShare(mixer))
            + (2 * mixer.StateBytes / on.Tensor));
        double operations = load.Written / on.Tensor
            * ((attended * work.CachedPairOperations) + (load.Context * work.IndexOperations) + work.StateOperations);
        double latent = Latent(c, work), plain = on.WritesScores ? c.PlainCacheFactor : 1;
        (double cache, double attention) = MatrixTime.Overlapped(
            mixer.Layers * bytes / (on.BytesPerSecond * c.CacheBandwidthEfficiency * latent * plain),
            mixer.Layers * operations / (RateOf(on) * c.AttentionEfficiency * latent), c.SerialShare);
        parts?.Add("cache", mixer.Layers, bytes, PassMeasure.Bytes, on.BytesPerSecond, cache);
        parts?.Add("attention to the cache", mixer.Layers, operations, PassMeasure.Operations, RateOf(on), attention);
        return (cache, attention);
    }

    // Pairs of a whole prompt, shared out by tokens. A pass scores its tokens with all of its own, later ones too: half of
    // that is beyond the causal pairs.
    private static (double Cache, double Attention) Read(
        in DeployedModel on, EngineConstants c, in PassLoad load, in MixerLayers mixer, PassParts? parts)
    {
        MixerWork work = mixer.Work;
        double pairs = work.Pairs(load.Cached, load.Prompt) * load.Prompts;
        double operations = ((pairs * work.PairOperations)
            + (work.IndexedPairs(load.Cached, load.Prompt) * load.Prompts * work.IndexOperations)
            + (load.PromptTokens * work.StateOperations)) / on.Tensor;
        double beyond = load.PromptTokens * Math.Min(load.PromptTokens, load.Prompt) / 2;
        double scores = on.WritesScores ? work.ScoreHeads * (pairs + beyond) * c.ScoreBytes / on.Tensor : 0;
        double multiply = mixer.Layers * operations / (RateOf(on) * c.AttentionEfficiency * Latent(c, work));
        double moved = mixer.Layers * scores / on.BytesPerSecond;
        parts?.Add("scores in prompts", mixer.Layers, scores, PassMeasure.Bytes, on.BytesPerSecond, moved);
        // Keys and values of each pair, as 16-bit floats at least, once for each query head and so many tokens of the prompt.
        double again = on.PromptRows is not { } rows ? 0
            : pairs * work.ScoreHeads * work.ReadElements / Math.Max(1, work.ReadHeads) * Math.Max(2, on.CacheBytes) / rows;
        (double cache, double attention) = MatrixTime.Overlapped(
            mixer.Layers * again / on.Tensor / (on.BytesPerSecond * c.PromptCacheFactor), multiply, c.SerialShare);
        parts?.Add("cache read again", mixer.Layers, again, PassMeasure.Bytes, on.BytesPerSecond, cache);
        parts?.Add("attention in prompts", mixer.Layers, operations, PassMeasure.Operations, RateOf(on), attention);
        return (cache, attention + moved);
    }
}
