using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>What a mixer computes and reads for one token in one layer, beside its matrices. A multiply-add is two
/// operations.</summary>
public readonly record struct MixerWork
{
    /// <summary>Operations of one token with one earlier token while a prompt is read, over all heads; 0 where no token meets
    /// another.</summary>
    public required double PairOperations { get; init; }

    /// <summary>The same while tokens are written: more where latent attention works on the compressed vector itself.</summary>
    public required double CachedPairOperations { get; init; }

    /// <summary>The most tokens, or entries of pooled tokens, that a token attends to, itself included; null where it attends to
    /// all.</summary>
    public required long? PairLimit { get; init; }

    /// <summary>Tokens that are pooled into one entry before a token attends to them: 1 or more.</summary>
    public long TokensPerEntry { get => field == 0 ? 1 : field; init; }

    /// <summary>Operations of an indexer for one token and one earlier token; 0 where there is none.</summary>
    public required double IndexOperations { get; init; }

    /// <summary>Operations of a recurrent state for one token; 0 where there is none.</summary>
    public required double StateOperations { get; init; }

    /// <summary>Elements of keys and values that are read of one attended token, cached by this layer or an earlier
    /// one.</summary>
    public required long ReadElements { get; init; }

    /// <summary>Heads among which that reading can be divided; 0 where nothing is read.</summary>
    public required long ReadHeads { get; init; }

    /// <summary>Heads that score one token with another; 0 where none do.</summary>
    public required long ScoreHeads { get; init; }

    /// <summary>What engines charge for such a layer beyond what every layer takes.</summary>
    public required MixerOverhead Overhead { get; init; }

    /// <summary>The members, with the same numbers in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(MixerWork), PrintMembers);

    /// <summary>Tokens, or entries of r tokens, that a token attends to at a context length: min(context ÷ r, limit).</summary>
    internal double Attended(double context) => Math.Min(context / TokensPerEntry, Limit);

    /// <summary>Pairs of tokens in prefill of <paramref name="tokens"/> after <paramref name="cached"/>, each attending to what
    /// precedes it within the limit: Σ min((cached + i) ÷ r, limit), i from 1 to tokens, r tokens an entry.</summary>
    internal double Pairs(double cached, double tokens)
    {
        double end = cached + tokens, limit = Limit * TokensPerEntry;
        double below = Math.Max(0, Math.Min(limit - cached, tokens));
        return ((below * (cached + (below / 2))) + ((tokens - below) * Math.Min(limit, end))) / TokensPerEntry;
    }

    /// <summary>Pairs of tokens of which an indexer scores every one: Σ (cached + i), i from 1 to tokens.</summary>
    internal double IndexedPairs(double cached, double tokens) => IndexOperations == 0 ? 0 : tokens * (cached + (tokens / 2));

    private double Limit => PairLimit ?? double.PositiveInfinity;
}
