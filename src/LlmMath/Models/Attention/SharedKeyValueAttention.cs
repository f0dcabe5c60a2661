using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>
/// Multi-query attention over a window whose one cached vector a token is key and value of every head, with low-rank queries and
/// an output projected at low rank by groups of heads. Source: DeepSeek-V4 report, section 2.3; huggingface/transformers,
/// <c>DeepseekV4Attention</c>.
/// </summary>
public sealed record SharedKeyValueAttention : SequenceMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Query heads.</summary>
    public required long Heads { get; init => field = Size.Of(value, nameof(Heads)); }

    /// <summary>Elements of a head, and of the vector that all heads share: cached for every token of the window.</summary>
    public required long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); }

    /// <summary>Rotary elements of a head (<c>qk_rope_head_dim</c>), its last.</summary>
    public required long RopeHeadDim { get; init => field = Size.Of(value, nameof(RopeHeadDim)); }

    /// <summary>Rank of the compressed query (<c>q_lora_rank</c>).</summary>
    public required long QueryRank { get; init => field = Size.Of(value, nameof(QueryRank)); }

    /// <summary>Groups of heads whose outputs are compressed apart (<c>o_groups</c>).</summary>
    public required long OutputGroups { get; init => field = Size.Of(value, nameof(OutputGroups)); }

    /// <summary>Rank of each group's output (<c>o_lora_rank</c>).</summary>
    public required long OutputRank { get; init => field = Size.Of(value, nameof(OutputRank)); }

    /// <summary>Tokens that a token sees one by one, itself included.</summary>
    public required long Window { get; init => field = Size.Of(value, nameof(Window)); }

    /// <summary>Outputs of the query projection.</summary>
    public long QuerySize => Heads * HeadDim;

    /// <inheritdoc/>
    public override CachedState Cache => new()
    {
        KeyElements = HeadDim,
        Heads = 1,
        TokenLimit = Window,
        KeepsLimitOnly = true,
        SparseRotaryElements = RopeHeadDim,
        PackedBytes = CompressedContext.PackedLatentBytes(HeadDim, RopeHeadDim),
    };

    /// <inheritdoc/>
    internal override AttendedElements Attended => new(QuerySize, HeadDim, 0, QuerySize);

    /// <summary>The output's groups: heads of one group are compressed together.</summary>
    public override long ParallelHeads => OutputGroups;

    /// <inheritdoc/>
    public override long RotaryElements => RopeHeadDim;

    /// <inheritdoc/>
    public override MixerWork Work => new()
    {
        PairOperations = 4.0 * QuerySize,
        CachedPairOperations = 4.0 * QuerySize,
        PairLimit = Window,
        IndexOperations = 0,
        StateOperations = 0,
        ReadElements = HeadDim,
        ReadHeads = 1,
        ScoreHeads = Heads,
        Overhead = MixerOverhead.Unmeasured,
    };

    /// <summary>Whether one kernel reads its window and the compressed context beside it.</summary>
    internal bool IsReadBeside { get; init; }

    /// <summary>A window alone borrows the kernel that reads all of a compressed context, of which there is none.</summary>
    internal override MixerKernel Kernel => IsReadBeside ? new(MixerKernelKind.Beside, Heads, 1, HeadDim)
        : new(MixerKernelKind.HeavilyCompressed, Heads, 1, HeadDim, Window: Window);

    /// <inheritdoc/>
    internal override string Word => "shared-key attention";
}
