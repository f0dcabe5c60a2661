using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>
/// The context beyond a window as <see cref="SharedKeyValueAttention"/> beside it reads it: one pooled vector for every few
/// tokens, key and value of every head; all of them (heavily compressed attention, HCA), or those that an indexer picks
/// (compressed sparse attention, CSA). What a compressor holds of tokens not yet pooled, less than two entries' tokens, is not
/// counted. Source: DeepSeek-V4 report, section 2.3; huggingface/transformers, <c>DeepseekV4CSACompressor</c>,
/// <c>DeepseekV4HCACompressor</c>, <c>DeepseekV4Indexer</c>; entries that later layers share: NVIDIA-NeMo/Automodel,
/// <c>deepseek_v41</c>.
/// </summary>
public sealed record CompressedContext : SequenceMixer
{
    /// <summary>Width of the residual stream that is pooled.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Query heads.</summary>
    public required long Heads { get; init => field = Size.Of(value, nameof(Heads)); }

    /// <summary>Elements of a head, and of a pooled vector.</summary>
    public required long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); }

    /// <summary>Rotary elements of a head, its last.</summary>
    public required long RopeHeadDim { get; init => field = Size.Of(value, nameof(RopeHeadDim)); }

    /// <summary>Rank of the compressed query that the indexer reads too.</summary>
    public required long QueryRank { get; init => field = Size.Of(value, nameof(QueryRank)); }

    /// <summary>Tokens that are pooled into one entry, 1 or more.</summary>
    public required long TokensPerEntry { get; init => field = Size.Of(value, nameof(TokensPerEntry)); }

    /// <summary>The indexer that picks the entries to attend to; null where attention reads all of them.</summary>
    public SparseIndexer? Indexer { get; init; }

    /// <summary>Entries that a token is pooled into: 2 where they overlap, 1 elsewhere.</summary>
    public long EntriesPerToken { get => field == 0 ? 1 : field; init => field = Size.Of(value, nameof(EntriesPerToken)); }

    /// <summary>Elements of the vectors that the layer pools of a token into one entry: its own and perhaps an indexer's
    /// key.</summary>
    public long PooledElements { get; init; }

    /// <summary>Whether the layer attends to the entries that an earlier layer pooled, and caches none of its own.</summary>
    public bool SharesEntries { get; init; }

    /// <summary>Tokens of the window beside it that the same kernel reads; 0 where engines' kernels for layers of its make were
    /// not timed.</summary>
    internal long TimedWindow { get; init; }

    /// <inheritdoc/>
    internal override MixerKernel Kernel => TimedWindow == 0 ? default
        : new(Indexer is null ? MixerKernelKind.HeavilyCompressed : MixerKernelKind.CompressedSparse, Heads, 1, HeadDim,
            Window: TimedWindow);

    /// <inheritdoc/>
    public override CachedState Cache => SharesEntries ? default : new()
    {
        KeyElements = HeadDim,
        Heads = 1,
        TokensPerEntry = TokensPerEntry,
        IndexElements = Indexer?.HeadDim ?? 0,
        SparseRotaryElements = RopeHeadDim,
        PoolingElements = Pooling,
        PackedBytes = PackedLatentBytes(HeadDim, RopeHeadDim) + (Indexer is { } indexer ? PackedIndexBytes(indexer.HeadDim) : 0),
    };

    /// <summary>What a compressor holds of tokens until their entry is whole: for each of e · t tokens (t an entry, each in e
    /// entries) e vectors and as many scores. Source: the checkpoint's inference/model.py, Compressor (kv_state, score_state);
    /// ROCm/ATOM@00834f688, atom/models/deepseek_v4.py has the same.</summary>
    private long Pooling => Size.Product(
        nameof(CachedState.PoolingElements), 2 * EntriesPerToken * EntriesPerToken, TokensPerEntry, PooledElements);

    /// <summary>Queries and outputs are those of the attention beside it.</summary>
    internal override AttendedElements Attended => new(0, HeadDim, 0, 0);

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    public override long RotaryElements => RopeHeadDim;

    /// <summary>A layer that chooses anew among entries that it shares scores only candidates of an earlier choice: that is not
    /// counted.</summary>
    public override MixerWork Work => new()
    {
        PairOperations = 4.0 * Heads * HeadDim,
        CachedPairOperations = 4.0 * Heads * HeadDim,
        PairLimit = Indexer?.TopK,
        TokensPerEntry = TokensPerEntry,
        IndexOperations = Indexer is { IsShared: false } own && !SharesEntries
            ? 2.0 * own.Heads * own.HeadDim / TokensPerEntry
            : 0,
        StateOperations = 0,
        ReadElements = HeadDim,
        ReadHeads = 1,
        ScoreHeads = Heads,
        Overhead = MixerOverhead.Unmeasured,
    };

    /// <summary>Bytes of an entry where 8-bit floats are asked for: those, a scale byte for each 64 of them in whole eights, and
    /// the rotary part in 16 bits, (n − r) + 8·⌈(n − r) ÷ 512⌉ + 2·r: 584 of 512 elements. Source: ai-dynamo/aisimulate,
    /// docs/deepseek-v41.md, commit 24b9af3 (SGLang's cache of DeepSeek V4.1).</summary>
    internal static long PackedLatentBytes(long elements, long rotary) =>
        checked(elements - rotary + (8 * ((elements - rotary + 511) / 512)) + (2 * rotary));

    /// <summary>Bytes of an indexer key: 4-bit floats and a scale byte for each 32, n ÷ 2 + n ÷ 32: 68 of 128 elements. Source:
    /// as <see cref="PackedLatentBytes"/>.</summary>
    internal static long PackedIndexBytes(long elements) => ((elements + 1) / 2) + ((elements + 31) / 32);

    /// <inheritdoc/>
    internal override string Word => "compressed context";
}
