using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>
/// Multi-head latent attention (MLA): keys and values are rebuilt from one compressed vector a token, which alone is cached,
/// beside one rotary key shared by all heads. Source: DeepSeek-V2, arXiv:2405.04434, section 2.1.
/// </summary>
public sealed record LatentAttention : SequenceMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Attention heads.</summary>
    public required long Heads { get; init => field = Size.Of(value, nameof(Heads)); }

    /// <summary>Rank of the compressed query (<c>q_lora_rank</c>); null where queries are projected at full rank.</summary>
    public required long? QueryRank
    {
        get;
        init => field = value is { } rank ? Size.Of(rank, nameof(QueryRank)) : null;
    }

    /// <summary>Rank of the compressed keys and values (<c>kv_lora_rank</c>): cached for every token.</summary>
    public required long KeyValueRank { get; init => field = Size.Of(value, nameof(KeyValueRank)); }

    /// <summary>Elements of a key head without position (<c>qk_nope_head_dim</c>).</summary>
    public required long NopeHeadDim { get; init => field = Size.Of(value, nameof(NopeHeadDim)); }

    /// <summary>Elements of the rotary key (<c>qk_rope_head_dim</c>): cached once for every token.</summary>
    public required long RopeHeadDim { get; init => field = Size.Of(value, nameof(RopeHeadDim)); }

    /// <summary>Elements of a value head (<c>v_head_dim</c>).</summary>
    public required long ValueHeadDim { get; init => field = Size.Of(value, nameof(ValueHeadDim)); }

    /// <summary>The indexer that picks the tokens to attend to; null where attention is dense.</summary>
    public SparseIndexer? Indexer { get; init; }

    /// <summary>Whether engines were measured with layers of its make: false where a gate, sinks or several residual streams come
    /// with it.</summary>
    public bool IsMeasured { get; init; } = true;

    /// <inheritdoc/>
    public override CachedState Cache => new()
    {
        KeyElements = KeyValueRank + RopeHeadDim,
        Heads = 1,
        SparseRotaryElements = Indexer is null ? 0 : RopeHeadDim,
        IndexElements = Indexer is { IsShared: false } indexer ? indexer.HeadDim / indexer.TokensPerKey : 0,
    };

    /// <summary>Training rebuilds keys and values for every head.</summary>
    internal override AttendedElements Attended => new(Heads * (NopeHeadDim + RopeHeadDim), Heads * (NopeHeadDim + RopeHeadDim),
        Heads * ValueHeadDim, Heads * ValueHeadDim);

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    public override long RotaryElements => RopeHeadDim;

    /// <inheritdoc/>
    internal override MixerKernel Kernel => new(MixerKernelKind.Latent, Heads, 1, KeyValueRank + RopeHeadDim);

    /// <summary>A prompt's keys and values are rebuilt from the compressed vectors; written tokens work on these
    /// themselves.</summary>
    public override MixerWork Work => new()
    {
        PairOperations = 2.0 * Heads * (NopeHeadDim + RopeHeadDim + ValueHeadDim),
        CachedPairOperations = 2.0 * Heads * ((2 * KeyValueRank) + RopeHeadDim),
        PairLimit = Indexer?.TopK,
        IndexOperations = Indexer is { IsShared: false } own ? 2.0 * own.Heads * own.HeadDim / own.TokensPerKey : 0,
        StateOperations = 0,
        ReadElements = KeyValueRank + RopeHeadDim,
        ReadHeads = 1,
        ScoreHeads = Heads,
        Overhead = !IsMeasured || Indexer is { TokensPerKey: > 1 } ? MixerOverhead.Unmeasured
            : Indexer is { IsShared: false } ? MixerOverhead.Latent | MixerOverhead.Indexer : MixerOverhead.Latent,
    };

    /// <inheritdoc/>
    internal override string Word => Indexer is null ? "latent attention" : "latent attention with an indexer";
}

/// <summary>The lightning indexer of DeepSeek sparse attention: it scores all cached tokens, and attention reads the best of
/// them. Source: DeepSeek-V3.2-Exp report, section 2.1.</summary>
/// <param name="Heads">Indexer heads (<c>index_n_heads</c>).</param>
/// <param name="HeadDim">Elements of an indexer key (<c>index_head_dim</c>): cached once for every token.</param>
/// <param name="TopK">Tokens attended to (<c>index_topk</c>).</param>
public sealed record SparseIndexer(long Heads, long HeadDim, long TopK)
{
    /// <summary>Indexer heads.</summary>
    public long Heads { get; init => field = Size.Of(value, nameof(Heads)); } = Size.Of(Heads, nameof(Heads));

    /// <summary>Elements of an indexer key.</summary>
    public long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); } = Size.Of(HeadDim, nameof(HeadDim));

    /// <summary>Whether the layer takes the tokens that an earlier layer's indexer picked, and has neither weights nor keys of
    /// its own.</summary>
    public bool IsShared { get; init; }

    /// <summary>Tokens whose keys are pooled into one, 1 or more; they divide the elements of a key, so that a token has its
    /// share.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not 1 to 2³¹ − 1.</exception>
    public long TokensPerKey
    {
        get;
        init => field = value > 0 ? Size.Of(value, nameof(TokensPerKey))
            : throw new ArgumentOutOfRangeException(nameof(TokensPerKey), value, "A key is of 1 token or more.");
    } = 1;
}
