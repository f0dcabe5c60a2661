using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>Grouped-query attention to the best blocks of tokens, which an indexer picks by one key a token of its own. Source:
/// MiniMax M3: Blaizzy/mlx-vlm, mlx_vlm/models/minimax_m3_vl/language.py, commit 9b13f522a7f1 (<c>MiniMaxAttention</c>,
/// <c>MiniMaxM3Indexer</c>, <c>MiniMaxM3KVCache</c>).</summary>
public sealed record BlockSparseAttention : GroupedQueryAttention
{
    /// <summary>Query heads of the indexer (<c>sparse_num_index_heads</c>).</summary>
    public required long IndexHeads { get; init => field = Size.Of(value, nameof(IndexHeads)); }

    /// <summary>Elements of an indexer key (<c>sparse_index_dim</c>): cached once for every token.</summary>
    public required long IndexHeadDim { get; init => field = Size.Of(value, nameof(IndexHeadDim)); }

    /// <summary>Tokens in a block (<c>sparse_block_size</c>).</summary>
    public required long BlockSize { get; init => field = Size.Of(value, nameof(BlockSize)); }

    /// <summary>Blocks attended to (<c>sparse_topk_blocks</c>).</summary>
    public required long TopBlocks { get; init => field = Size.Of(value, nameof(TopBlocks)); }

    /// <inheritdoc/>
    public override CachedState Cache => base.Cache with { IndexElements = IndexHeadDim };

    /// <inheritdoc/>
    public override MixerWork Work => base.Work with
    {
        PairLimit = TopBlocks * BlockSize,
        IndexOperations = 2.0 * IndexHeads * IndexHeadDim,
        Overhead = MixerOverhead.Unmeasured,
    };

    /// <inheritdoc/>
    internal override MixerKernel Kernel => base.Kernel with { Kind = MixerKernelKind.BlockSparse };

    /// <inheritdoc/>
    internal override string Word => "block-sparse attention";
}
