using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Speed;

/// <summary>
/// Time of a forward pass: of each operator the greater of its memory and its compute time, plus the share of the lesser that an
/// engine does not hide. Williams et al., "Roofline", CACM 52(4), 2009, with the constants that an engine's profile adds.
/// </summary>
internal static class Roofline
{
    /// <summary>A decoding pass: one token of each of <paramref name="sequences"/> sequences at a context of
    /// <paramref name="context"/> tokens.</summary>
    /// <param name="on">The model on its GPUs.</param>
    /// <param name="c">The engine's constants.</param>
    /// <param name="sequences">Sequences of one replica, above 0.</param>
    /// <param name="tokens">Tokens of each sequence: more than 1 where drafts are checked.</param>
    /// <param name="context">Tokens cached of each.</param>
    public static PassTime Decode(in DeployedModel on, EngineConstants c, double sequences, double tokens, double context)
    {
        double n = sequences * tokens;
        PassTime time = Matrices(on, c, n, n);
        double cache = 0, attention = 0;
        foreach (ref readonly MixerLayers mixer in on.Work.Mixers.AsSpan())
        {
            MixerWork work = mixer.Work;
            double attended = work.Attended(context);
            double indexed = context * mixer.Cache.IndexElements / mixer.Cache.TokensPerEntry;
            double bytes = (((attended * work.ReadElements) + indexed) * on.CacheBytes
                * on.CacheShare(mixer))
                + (2 * mixer.StateBytes / on.Tensor);
            double read = mixer.Layers * sequences * bytes / (on.BytesPerSecond * c.CacheBandwidthEfficiency);
            double operations = (attended * work.CachedPairOperations) + (context * work.IndexOperations)
                + work.StateOperations;
            double multiply = mixer.Layers * n * operations / on.Tensor / (on.Rates.Wide * c.AttentionEfficiency);
            Overlap(read, multiply, c.SerialShare, ref cache, ref attention);
        }

        return time with { Cache = cache, Attention = attention, Overhead = time.Overhead + (sequences * c.SequenceSeconds) };
    }

    /// <summary>Prefill of <paramref name="tokens"/> tokens of one prompt after <paramref name="cached"/> that are cached
    /// already, in passes of <paramref name="passTokens"/> tokens each and one of what is left. Each pass reads the weights
    /// again; attention's pairs are those of the whole prompt, shared out by tokens.</summary>
    public static PassTime Prefill(in DeployedModel on, EngineConstants c, double tokens, double cached, double passTokens)
    {
        double passes = Math.Max(1, Math.Ceiling(tokens / passTokens)), full = Math.Min(tokens, passTokens);
        double last = tokens - ((passes - 1) * full);
        // A pass scores its tokens with all of its own, later ones too: half of that is beyond the causal pairs.
        double beyond = (((passes - 1) * full * full) + (last * last)) / 2;
        double attention = 0;
        foreach (ref readonly MixerLayers mixer in on.Work.Mixers.AsSpan())
        {
            MixerWork work = mixer.Work;
            double operations = (work.Pairs(cached, tokens) * work.PairOperations)
                + (work.IndexedPairs(cached, tokens) * work.IndexOperations)
                + (tokens * work.StateOperations);
            double scores = on.WritesScores ? work.ScoreHeads * (work.Pairs(cached, tokens) + beyond) : 0;
            attention += mixer.Layers / (double)on.Tensor
                * ((operations / (on.Rates.Wide * c.AttentionEfficiency)) + (scores * c.ScoreBytes / on.BytesPerSecond));
        }

        // What the last pass adds to the time of those before it, all as long as the first.
        double before = PipelineFill.Passes(on, passes - 1), added = PipelineFill.Passes(on, passes) - before;
        return default(PassTime).Plus(PrefillPass(on, c, full, attention * full / tokens), before)
            .Plus(PrefillPass(on, c, last, attention * last / tokens), added);
    }

    private static PassTime PrefillPass(in DeployedModel on, EngineConstants c, double tokens, double attention)
    {
        PassTime time = Matrices(on, c, tokens, 1);
        return time with
        {
            Weights = time.Weights + Unpacked(on, c),
            Attention = attention,
            Overhead = time.Overhead + c.PrefillStepSeconds + (on.Work.Layers * c.PrefillLayerSeconds),
        };
    }

    // Weights that are packed are read, written as 16-bit copies and read again by the products, where an engine multiplies so.
    private static double Unpacked(in DeployedModel on, EngineConstants c)
    {
        if (!on.UnpacksWeights)
        {
            return 0;
        }

        double bytes = on.Work.Blocks.Packed * 4;
        foreach (ref readonly ExpertWork experts in on.Work.Experts.AsSpan())
        {
            bytes += experts.Layers * experts.Experts * experts.Each.Packed * 4;
        }

        return c.UnpackedShare * bytes / on.Tensor / on.BytesPerSecond;
    }

    // What every token passes whatever its phase: matrices, collectives, launches.
    private static PassTime Matrices(in DeployedModel on, EngineConstants c, double tokens, double headTokens)
    {
        ModelWork work = on.Work;
        double weights = 0, products = 0, share = c.ComputeEfficiency;
        double read = (work.Blocks.Bytes + work.Head.Bytes) / on.Tensor / (on.BytesPerSecond * c.BandwidthEfficiency);
        // Few tokens fill the units badly, each matrix by those that it is multiplied with: n + h tokens' time.
        double multiply = (((tokens + c.HalfTokens) * on.Rates.SecondsPerToken(work.Blocks, c.FourBitFactor, c.EightBitFactor))
            + ((headTokens + c.HalfTokens) * on.Rates.SecondsPerToken(work.Head, c.FourBitFactor, c.EightBitFactor)))
                / on.Tensor / share;
        Overlap(read, multiply, c.SerialShare, ref weights, ref products);

        int replicas = on.AttentionReplicas;
        double routed = tokens * replicas;
        double expertRead = 0, expertMultiply = 0, ends = work.Blocks.Ends;
        foreach (ref readonly ExpertWork experts in work.Experts.AsSpan())
        {
            if (experts.Active == 0)
            {
                // Of images alone: no token of text reads them.
                continue;
            }

            double touched = experts.Touched(1 + ((routed - 1) * Math.Min(1, c.RoutingSpread)));
            expertRead += experts.Layers * touched * experts.Each.Bytes / on.Expert
                / (on.BytesPerSecond * c.BandwidthEfficiency * c.ExpertBandwidthFactor);
            double each = routed * experts.Active / touched;
            expertMultiply += experts.Layers * routed * experts.Active
                * on.Rates.SecondsPerToken(experts.Each, c.FourBitFactor, c.EightBitFactor) / on.Expert
                * (1 + (c.ExpertHalfTokens / each)) / (share * c.ExpertComputeFactor);
            ends += experts.Layers * experts.Active * experts.Each.Ends;
        }

        Overlap(expertRead, expertMultiply, c.SerialShare, ref weights, ref products);
        double activations = tokens * ends * c.ActivationBytes / on.Tensor / on.BytesPerSecond;
        return new(weights, products, 0, 0, Collectives(on, c, tokens), Launches(on, c), activations);
    }

    // Two all-reduces a layer, each moving 2·(T − 1)/T of the residual stream in 16 bits over every GPU's link (ring: Patarasuk
    // and Yuan, JPDC 69(2), 2009); with data-parallel attention an exchange to the experts and back; between stages the stream
    // once.
    private static double Collectives(in DeployedModel on, EngineConstants c, double tokens)
    {
        double link = on.LinkBytesPerSecond * c.LinkEfficiency, stream = tokens * on.Work.HiddenSize * 2;
        double time = on.Tensor > 1 ? on.Work.Layers * 2 * (2.0 * (on.Tensor - 1) / on.Tensor) * stream / link : 0;
        if (on.AttentionReplicas > 1)
        {
            time += on.Work.MixtureLayers * 2 * 4 * stream / on.Tensor / link;
        }

        return time + ((on.Pipeline - 1) * stream / (on.StageLinkBytesPerSecond * c.LinkEfficiency));
    }

    private static double Launches(in DeployedModel on, EngineConstants c)
    {
        ModelWork work = on.Work;
        double time = (on.Pipeline * c.StepSeconds) + (work.Layers * (c.LayerSeconds + (c.HopSeconds * Math.Log2(on.Tensor))))
            + ((work.Blocks.Matrices + work.Head.Matrices) * c.MatrixSeconds)
            + (work.Norms * c.NormSeconds) + (work.EightBitLayers * c.EightBitLayerSeconds)
            + (work.MixtureLayers * c.MixtureLayerSeconds)
            + (work.LayersWith(MixerOverhead.Latent) * c.LatentLayerSeconds)
            + (work.LayersWith(MixerOverhead.Indexer) * c.IndexerLayerSeconds)
            + (work.LayersWith(MixerOverhead.Recurrent) * c.RecurrentLayerSeconds);
        return on.AttentionReplicas > 1 ? time + (work.MixtureLayers * c.ExchangeSeconds * Math.Log2(on.Expert)) : time;
    }

    // The greater of two times counts whole, the lesser as far as it is not hidden.
    private static void Overlap(double memory, double compute, double serialShare, ref double memoryTime, ref double computeTime)
    {
        double hidden = Math.Min(1, serialShare);
        memoryTime += memory >= compute ? memory : hidden * memory;
        computeTime += memory >= compute ? hidden * compute : compute;
    }
}
