using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The tensors of the attention kinds, in the layouts that checkpoints use. <c>under</c> is the module, with its dot:
/// <c>self_attn.</c></summary>
internal static class AttentionTensors
{
    /// <summary>Four projections of their own.</summary>
    public static IEnumerable<Tensor> Separate(this GroupedQueryAttention a, string under, bool qkvBias = false,
        bool outputBias = false, string q = "q_proj", string k = "k_proj", string v = "v_proj", string o = "o_proj") =>
    [
        .. Linear(under + q, a.HiddenSize, a.QuerySize, TensorRole.Attention, MatrixKind.Query, qkvBias),
        .. Linear(under + k, a.HiddenSize, a.KeySize, TensorRole.Attention, MatrixKind.Key, qkvBias),
        .. Linear(under + v, a.HiddenSize, a.ValueSize, TensorRole.Attention, MatrixKind.Value, qkvBias),
        .. Linear(under + o, a.OutputSize, a.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput, outputBias),
    ];

    /// <summary>Queries, keys and values in one projection, and the output's. Names are whole:
    /// <c>self_attn.qkv_proj</c>.</summary>
    public static IEnumerable<Tensor> Fused(this GroupedQueryAttention a, string qkv, string output, bool qkvBias = false,
        bool outputBias = false) =>
    [
        .. Linear(qkv, a.HiddenSize, a.QuerySize + a.KeySize + a.ValueSize,
            TensorRole.Attention, MatrixKind.QueryKeyValue, qkvBias),
        .. Linear(output, a.OutputSize, a.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput, outputBias),
    ];

    /// <summary>Norms of queries and keys, each head by itself: one weight of a head's size that all heads share.</summary>
    public static IEnumerable<Tensor> HeadNorms(this GroupedQueryAttention a, string under, string q = "q_norm",
        string k = "k_norm", bool bias = false) =>
        [.. Norm(under + q, a.HeadDim, bias), .. Norm(under + k, a.HeadDim, bias)];

    /// <summary>Norms of the query and key projections, over all heads at once.</summary>
    public static IEnumerable<Tensor> ProjectionNorms(this GroupedQueryAttention a, string under, string q = "q_norm",
        string k = "k_norm", bool bias = false) =>
        [.. Norm(under + q, a.QuerySize, bias), .. Norm(under + k, a.KeySize, bias)];

    /// <summary>MLA's projections and norms under DeepSeek's names, with the indexer's where it has one. <paramref name="bias"/>
    /// is config.json's <c>attention_bias</c>: on the two compressing projections and the output's, which is called
    /// <paramref name="output"/>.</summary>
    public static IEnumerable<Tensor> Latent(this LatentAttention a, string under, bool bias = false,
        string output = "o_proj")
    {
        long queries = a.Heads * (a.NopeHeadDim + a.RopeHeadDim);
        IEnumerable<Tensor> query = a.QueryRank is { } rank
            ? [
                .. Linear(under + "q_a_proj", a.HiddenSize, rank, TensorRole.Attention, MatrixKind.Replicated, bias),
                .. Norm(under + "q_a_layernorm", rank),
                .. Linear(under + "q_b_proj", rank, queries, TensorRole.Attention, MatrixKind.Other),
            ]
            : Linear(under + "q_proj", a.HiddenSize, queries, TensorRole.Attention, MatrixKind.Query);
        return
        [
            .. query,
            .. Linear(under + "kv_a_proj_with_mqa", a.HiddenSize, a.KeyValueRank + a.RopeHeadDim,
                TensorRole.Attention, MatrixKind.Replicated, bias),
            .. Norm(under + "kv_a_layernorm", a.KeyValueRank),
            .. Linear(under + "kv_b_proj", a.KeyValueRank, a.Heads * (a.NopeHeadDim + a.ValueHeadDim),
                TensorRole.Attention, MatrixKind.Other),
            .. Linear(under + output, a.Heads * a.ValueHeadDim, a.HiddenSize,
                TensorRole.Attention, MatrixKind.AttentionOutput, bias),
            .. a.Indexer is { IsShared: false } indexer ? Index(a, indexer, under + "indexer.") : [],
        ];
    }

    private static IEnumerable<Tensor> Index(LatentAttention a, SparseIndexer indexer, string under) =>
    [
        .. Linear(under + "wq_b", a.QueryRank ?? a.HiddenSize, indexer.Heads * indexer.HeadDim,
            TensorRole.Attention, MatrixKind.Replicated),
        .. Linear(under + "wk", a.HiddenSize, indexer.HeadDim, TensorRole.Attention, MatrixKind.Replicated),
        .. Norm(under + "k_norm", indexer.HeadDim, bias: true),
        .. KeptWide(Linear(under + "weights_proj", a.HiddenSize, indexer.Heads, TensorRole.Attention, MatrixKind.Replicated)),
    ];
}
