using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>What a mixer keeps of the past for one sequence in one layer. Elements, not bytes: number formats are the reader's
/// choice.</summary>
public readonly record struct CachedState
{
    /// <summary>Elements of one token's keys, over all key and value heads; the compressed vector and the rotary key of latent
    /// attention.</summary>
    public long KeyElements { get; init; }

    /// <summary>Elements of one token's values; 0 where they are rebuilt from the keys' vector.</summary>
    public long ValueElements { get; init; }

    /// <summary>Heads among which tensor parallelism can divide keys and values; 1 where every GPU needs all of them.</summary>
    public long Heads { get; init; }

    /// <summary>The most tokens whose keys and values are needed: a window's or a chunk's width; null where all are.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>Whether every engine keeps the limit's tokens alone, since the kind's cache is laid out so; else some keep the
    /// whole context for windows too.</summary>
    public bool KeepsLimitOnly { get; init; }

    /// <summary>Tokens that share one entry of keys, values and indexer keys, pooled: 1 or more.</summary>
    public long TokensPerEntry { get => field == 0 ? 1 : field; init => field = Size.Of(value, nameof(TokensPerEntry)); }

    /// <summary>Whether the tokens are the encoder's, cached once and not growing.</summary>
    public bool IsOfEncoder { get; init; }

    /// <summary>Elements of one token's indexer key.</summary>
    public long IndexElements { get; init; }

    /// <summary>Of the keys of sparse latent attention the rotary part, which engines keep in 16 bits where they pack the rest; 0
    /// elsewhere.</summary>
    public long SparseRotaryElements { get; init; }

    /// <summary>Bytes of a token or pooled entry as engines pack it where they are asked for 8-bit floats: its vector, rotary
    /// part and indexer key with their scales; 0 where they have no layout of their own for the mixer.</summary>
    public long PackedBytes { get; init; }

    /// <summary>Elements of a recurrent state, whatever the context.</summary>
    public long StateElements { get; init; }

    /// <summary>Elements that a compressor holds of tokens not yet pooled, keys and scores in float32, whatever the
    /// context.</summary>
    public long PoolingElements { get; init; }

    /// <summary>Elements of past inputs kept for a convolution, whatever the context.</summary>
    public long ConvolutionElements { get; init; }

    /// <summary>Whether the recurrent state is kept in float32, whatever the model's number format.</summary>
    public bool KeepsStateInFloat32 { get; init; }

    /// <summary>Whether one compressed vector a token is kept, of which keys and values are rebuilt.</summary>
    internal bool IsCompressed => KeyElements > 0 && ValueElements == 0;

    /// <summary>Whether something is kept that does not grow with the context.</summary>
    internal bool HasState => StateElements > 0 || ConvolutionElements > 0;

    /// <summary>Elements that one token takes, or one entry of pooled tokens.</summary>
    /// <exception cref="EstimateException">The sum exceeds 2⁶³ − 1.</exception>
    public long ElementsPerToken =>
        Size.Sum(nameof(ElementsPerToken), Size.Sum(nameof(ElementsPerToken), KeyElements, ValueElements), IndexElements);

    /// <summary>Tokens whose keys and values are needed at a context length.</summary>
    /// <param name="context">Tokens so far, 0 or more.</param>
    /// <param name="encoderTokens">Tokens that the encoder read, 0 or more.</param>
    public long TokensAt(long context, long encoderTokens = 0) =>
        IsOfEncoder ? encoderTokens : TokenLimit is { } limit ? Math.Min(context, limit) : context;

    /// <summary>Elements kept at a context length, the state included.</summary>
    /// <param name="context">Tokens so far, 0 or more.</param>
    /// <param name="encoderTokens">Tokens that the encoder read, 0 or more.</param>
    /// <exception cref="EstimateException">They exceed 2⁶³ − 1.</exception>
    public long ElementsAt(long context, long encoderTokens = 0)
    {
        long each = Size.Product(nameof(context), EntriesAt(TokensAt(context, encoderTokens)), ElementsPerToken);
        long state = Size.Sum(nameof(StateElements), StateElements, ConvolutionElements);
        return Size.Sum(nameof(context), each, Size.Sum(nameof(StateElements), state, PoolingElements));
    }

    /// <summary>Entries that hold a number of tokens: those that are whole.</summary>
    internal long EntriesAt(long tokens) => tokens / TokensPerEntry;
}
