using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The attention of DeepSeek V4 and V4.1 in fields and tensors. <c>under</c> is the module, with its dot:
/// <c>attn.</c></summary>
internal static class CompressedTensors
{
    /// <summary>Reads the attention over the window. Each parameter is the reference's default for a field that is
    /// missing.</summary>
    public static SharedKeyValueAttention SharedKeyValue(this ConfigReader c, long hiddenSize, long queryRank)
    {
        const string heads = "num_attention_heads", groups = "o_groups", keyHeads = "num_key_value_heads",
            rope = "qk_rope_head_dim";
        var attention = new SharedKeyValueAttention
        {
            HiddenSize = c.Size("hidden_size", hiddenSize),
            Heads = c.Size(heads, 64),
            HeadDim = c.Size("head_dim", 512),
            RopeHeadDim = c.Size(rope, 64),
            QueryRank = c.Size("q_lora_rank", queryRank),
            OutputGroups = c.Size(groups, 8),
            OutputRank = c.Size("o_lora_rank", 1024),
            Window = c.Size("sliding_window", 128),
        };
        c.Divide(attention.Heads, attention.OutputGroups, groups);
        long keys = c.Size(keyHeads, 1);
        return keys != 1 ? throw c.Invalid(keyHeads, $"must be 1: all heads share one; it is {(ConfigValue)keys}.")
            : attention.RopeHeadDim > attention.HeadDim
                ? throw c.Invalid(rope, $"must be at most head_dim, {(ConfigValue)attention.HeadDim}; "
                    + $"it is {(ConfigValue)attention.RopeHeadDim}.")
            : attention;
    }

    /// <summary>The pooled context beside it.</summary>
    public static CompressedContext Pooled(this SharedKeyValueAttention a, long ratio, SparseIndexer? indexer,
        bool sharesEntries = false) => new()
        {
            HiddenSize = a.HiddenSize,
            Heads = a.Heads,
            HeadDim = a.HeadDim,
            RopeHeadDim = a.RopeHeadDim,
            QueryRank = a.QueryRank,
            TokensPerEntry = ratio,
            Indexer = indexer,
            SharesEntries = sharesEntries,
        };

    /// <summary>One pooling ratio for each layer; the list may go on with those of the blocks for prediction, which are
    /// 0.</summary>
    public static ValueList<long>? PoolingRatios(this ConfigReader c, int layers, long predictionBlocks)
    {
        const string field = "compress_ratios";
        return c.Counts(field) is not { } ratios ? null
            : ratios.Count == layers || ratios.Count == layers + predictionBlocks
                ? [.. ratios.Take(layers)]
            : throw c.Invalid(field, $"must have one element for each of the {(ConfigValue)layers} layers"
                + (predictionBlocks == 0 ? ""
                    : $", and may have one for each of the {(ConfigValue)predictionBlocks} prediction blocks")
                + $"; it has {(ConfigValue)ratios.Count}.");
    }

    /// <summary>Low-rank queries, the shared vector, grouped low-rank outputs and a sink for each head.</summary>
    public static IEnumerable<Tensor> Tensors(this SharedKeyValueAttention a, string under, bool outputBias = false) =>
    [
        .. In32Bits(Plain(under + "attn_sink", TensorRole.Attention, a.Heads)),
        .. Linear(under + "wq_a", a.HiddenSize, a.QueryRank, TensorRole.Attention, MatrixKind.Replicated),
        .. Norm(under + "q_norm", a.QueryRank),
        .. Linear(under + "wq_b", a.QueryRank, a.QuerySize, TensorRole.Attention, MatrixKind.Other),
        .. Linear(under + "wkv", a.HiddenSize, a.HeadDim, TensorRole.Attention, MatrixKind.Replicated),
        .. Norm(under + "kv_norm", a.HeadDim),
        .. Linear(under + "wo_a", a.QuerySize / a.OutputGroups, a.OutputGroups * a.OutputRank,
            TensorRole.Attention, MatrixKind.Other),
        .. Linear(under + "wo_b", a.OutputGroups * a.OutputRank, a.HiddenSize,
            TensorRole.Attention, MatrixKind.AttentionOutput, outputBias),
    ];

    /// <summary>V4's compressor: a vector and a gate for each token, softmax over the entry's tokens with a bias for each place.
    /// Entries that an indexer picks overlap: they are made of twice the tokens, at twice the width.</summary>
    public static IEnumerable<Tensor> Compressor(this CompressedContext m, string under, long headDim)
    {
        long width = (m.Indexer is null ? 1 : 2) * headDim;
        return
        [
            .. In32Bits(Plain(under + "ape", TensorRole.Position, m.TokensPerEntry, width)),
            .. KeptWide(Linear(under + "wkv", m.HiddenSize, width, TensorRole.Attention, MatrixKind.Replicated)),
            .. KeptWide(Linear(under + "wgate", m.HiddenSize, width, TensorRole.Attention, MatrixKind.Replicated)),
            .. Norm(under + "norm", headDim),
        ];
    }

    /// <summary>The indexer's queries, and the weights of its heads.</summary>
    public static IEnumerable<Tensor> IndexQueries(this CompressedContext m, SparseIndexer indexer, string under) =>
    [
        .. Linear(under + "wq_b", m.QueryRank, indexer.Heads * indexer.HeadDim, TensorRole.Attention, MatrixKind.Replicated),
        .. KeptWide(Linear(under + "weights_proj", m.HiddenSize, indexer.Heads, TensorRole.Attention, MatrixKind.Replicated)),
    ];
}
