using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>
/// Grouped-query attention (GQA): <see cref="Heads"/> query heads share <see cref="KeyValueHeads"/> key and value heads.
/// Multi-head attention (as many of both) and multi-query attention (one key and value head) are its ends. Source: Ainslie et
/// al., arXiv:2305.13245, section 2.2.
/// </summary>
public record GroupedQueryAttention : SequenceMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Query heads.</summary>
    public required long Heads { get; init => field = Size.Of(value, nameof(Heads)); }

    /// <summary>Key and value heads, 1 to <see cref="Heads"/>.</summary>
    public required long KeyValueHeads { get; init => field = Size.Of(value, nameof(KeyValueHeads)); }

    /// <summary>Elements of one query or key head.</summary>
    public required long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); }

    /// <summary>Elements of one value head; <see cref="HeadDim"/> unless the family says otherwise.</summary>
    public long ValueHeadDim
    {
        get => field == 0 ? HeadDim : field;
        init => field = Size.Of(value, nameof(ValueHeadDim));
    }

    /// <summary>Whether the layer reads keys and values that an earlier layer cached, and caches none of its own.</summary>
    public bool SharesKeyValueCache { get; init; }

    /// <summary>Outputs of the query projection.</summary>
    public long QuerySize => Heads * HeadDim;

    /// <summary>Outputs of the key projection.</summary>
    public long KeySize => KeyValueHeads * HeadDim;

    /// <summary>Outputs of the value projection.</summary>
    public long ValueSize => KeyValueHeads * ValueHeadDim;

    /// <summary>Inputs of the output projection.</summary>
    public long OutputSize => Heads * ValueHeadDim;

    /// <inheritdoc/>
    internal override AttendedElements Attended => new(QuerySize, KeySize, ValueSize, OutputSize);

    /// <inheritdoc/>
    public override CachedState Cache => SharesKeyValueCache
        ? default
        : new() { KeyElements = KeySize, ValueElements = ValueSize, Heads = KeyValueHeads };

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    public override long RotaryElements => HeadDim;

    /// <inheritdoc/>
    internal override string Word => "attention";

    /// <inheritdoc/>
    internal override MixerKernel Kernel =>
        new(MixerKernelKind.Grouped, Heads, KeyValueHeads, (HeadDim + ValueHeadDim) / 2.0);

    /// <inheritdoc/>
    public override MixerWork Work => new()
    {
        PairOperations = 2.0 * (QuerySize + OutputSize),
        CachedPairOperations = 2.0 * (QuerySize + OutputSize),
        PairLimit = null,
        IndexOperations = 0,
        StateOperations = 0,
        ReadElements = KeySize + ValueSize,
        ReadHeads = KeyValueHeads,
        ScoreHeads = Heads,
        Overhead = MixerOverhead.None,
    };
}

/// <summary>Grouped-query attention over the last <see cref="Window"/> tokens. Source: Beltagy et al., arXiv:2004.05150, section
/// 3.1.</summary>
public sealed record SlidingWindowAttention : GroupedQueryAttention
{
    /// <summary>Tokens that a token sees, itself included.</summary>
    public required long Window { get; init; }

    /// <inheritdoc/>
    public override CachedState Cache => base.Cache with { TokenLimit = Window };

    /// <inheritdoc/>
    public override MixerWork Work => base.Work with { PairLimit = Window };

    /// <inheritdoc/>
    internal override string Word => "windowed attention";
}

/// <summary>Grouped-query attention within chunks of <see cref="ChunkSize"/> tokens: a token sees its own chunk's earlier tokens.
/// Source: Llama 4's <c>attention_chunk_size</c>.</summary>
public sealed record ChunkedAttention : GroupedQueryAttention
{
    /// <summary>Tokens in a chunk.</summary>
    public required long ChunkSize { get; init; }

    /// <inheritdoc/>
    public override CachedState Cache => base.Cache with { TokenLimit = ChunkSize };

    /// <inheritdoc/>
    public override MixerWork Work => base.Work with { PairLimit = ChunkSize };

    /// <inheritdoc/>
    internal override string Word => "chunked attention";
}
