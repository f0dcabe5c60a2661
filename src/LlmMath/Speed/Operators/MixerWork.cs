namespace LlmMath.Speed;

/// <summary>Attention or recurrent state of the layers of one kind.</summary>
/// <param name="Layers">Layers.</param>
/// <param name="Cache">What a sequence keeps in one layer.</param>
/// <param name="PairOperations">Operations of one token with one cached token in prefill, over all heads.</param>
/// <param name="CachedPairOperations">The same in decode: more where latent attention works on the compressed vector itself.</param>
/// <param name="PairLimit">Cached tokens that a token attends to at most.</param>
/// <param name="IndexOperations">Operations of the indexer for one token and one cached token.</param>
/// <param name="StateOperations">Operations of a recurrent state for one token.</param>
internal readonly record struct MixerWork(
    int Layers, CachedState Cache, double PairOperations, double CachedPairOperations, double PairLimit, double IndexOperations, double StateOperations)
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
                m.Indexer is { IsShared: false } indexer ? 2.0 * indexer.Heads * indexer.HeadDim : 0, 0),
            GroupedQueryAttention m => new(layers, cache,
                2.0 * (m.QuerySize + m.OutputSize), 2.0 * (m.QuerySize + m.OutputSize), cache.TokenLimit ?? double.PositiveInfinity, 0, 0),
            // The state is decayed, updated and read: three multiply-adds an element.
            _ => new(layers, cache, 0, 0, 0, 0, 6.0 * cache.StateElements),
        };
    }

    /// <summary>Cached tokens that a token attends to at a context length.</summary>
    public double Attended(double context) => Math.Min(context, PairLimit);

    /// <summary>Pairs of tokens in prefill of <paramref name="tokens"/> after <paramref name="cached"/>, each attending to what precedes
    /// it within the limit: Σ min(cached + i, limit), i from 1 to tokens.</summary>
    public double Pairs(double cached, double tokens)
    {
        double end = cached + tokens;
        double below = Math.Clamp(PairLimit - cached, 0, tokens);
        return (below * (cached + (below / 2))) + ((tokens - below) * Math.Min(PairLimit, end));
    }
}
