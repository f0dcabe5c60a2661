namespace LlmMath.Speed;

/// <summary>Attention or recurrent state of the layers of one kind.</summary>
/// <param name="Layers">Layers.</param>
/// <param name="Cache">What a sequence keeps in one layer.</param>
/// <param name="PairOperations">Operations of one token with one cached token in prefill, over all heads.</param>
/// <param name="CachedPairOperations">The same in decode: more where latent attention works on the compressed vector
/// itself.</param>
/// <param name="PairLimit">Cached tokens that a token attends to at most.</param>
/// <param name="IndexOperations">Operations of the indexer for one token and one cached token.</param>
/// <param name="StateOperations">Operations of a recurrent state for one token.</param>
/// <param name="ReadElements">Elements of keys and values that are read of one cached token, its own or an earlier
/// layer's.</param>
/// <param name="ReadHeads">Heads among which that reading can be divided; 0 where there is none.</param>
/// <param name="Heads">Heads that score one token with another.</param>
internal readonly record struct MixerWork(
    int Layers, CachedState Cache, double PairOperations, double CachedPairOperations, double PairLimit, double IndexOperations,
    double StateOperations, double ReadElements, long ReadHeads, long Heads)
{
    public static MixerWork Of(SequenceMixer mixer, int layers)
    {
        CachedState cache = mixer.Cache;
        return mixer switch
        {
            LatentAttention m => new(layers, cache,
                2.0 * m.Heads * (m.NopeHeadDim + m.RopeHeadDim + m.ValueHeadDim),
                2.0 * m.Heads * ((2 * m.KeyValueRank) + m.RopeHeadDim),
                m.Indexer?.TopK ?? double.PositiveInfinity,
                m.Indexer is { IsShared: false } indexer ? 2.0 * indexer.Heads * indexer.HeadDim : 0, 0,
                cache.KeyElements, 1, m.Heads),
            GroupedQueryAttention m => new(layers, cache,
                2.0 * (m.QuerySize + m.OutputSize), 2.0 * (m.QuerySize + m.OutputSize), Limit(m), 0, 0,
                m.KeySize + m.ValueSize, m.KeyValueHeads, m.Heads),
            // The state is decayed, updated and read: three multiply-adds an element.
            _ => new(layers, cache, 0, 0, 0, 0, 6.0 * cache.StateElements, 0, 0, 0),
        };
    }

    /// <summary>Bytes of the recurrent and convolution states that a sequence holds in one layer.</summary>
    public double StateBytes => (Cache.StateElements * (Cache.KeepsStateInFloat32 ? 4.0 : 2.0))
        + (Cache.ConvolutionElements * 2.0);

    /// <summary>Cached tokens that a token attends to at a context length.</summary>
    public double Attended(double context) => Math.Min(context, PairLimit);

    /// <summary>Pairs of tokens in prefill of <paramref name="tokens"/> after <paramref name="cached"/>, each attending to what
    /// precedes it within the limit: Σ min(cached + i, limit), i from 1 to tokens.</summary>
    public double Pairs(double cached, double tokens)
    {
        double end = cached + tokens;
        double below = Math.Clamp(PairLimit - cached, 0, tokens);
        return (below * (cached + (below / 2))) + ((tokens - below) * Math.Min(PairLimit, end));
    }

    /// <summary>Pairs of tokens of which an indexer scores every one: Σ (cached + i), i from 1 to tokens.</summary>
    public double AllPairs(double cached, double tokens) => IndexOperations == 0 ? 0 : tokens * (cached + (tokens / 2));

    // A layer that reads an earlier layer's keys reads them as far as its own window reaches.
    private static double Limit(GroupedQueryAttention mixer) => mixer switch
    {
        SlidingWindowAttention m => m.Window,
        ChunkedAttention m => m.ChunkSize,
        _ => double.PositiveInfinity,
    };
}
