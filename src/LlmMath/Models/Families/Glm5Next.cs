using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GLM-5.3 Flash: Kimi's delta attention with, in every fourth layer, latent attention without positions whose indexer pools its
/// keys; several residual streams, and experts beside a shared one after the first, dense, layers.
/// Source: Blaizzy/mlx-vlm, mlx_vlm/models/glm5_next/language.py, commit 08cbcf782691; ggml-org/llama.cpp,
/// src/models/glm5next.cpp, commit 18dcfb368f6e; the streams are DeepSeek V4's, but the head reads their mean.
/// </summary>
internal static class Glm5Next
{
    private const string Sparse = "deepseek_sparse_attention", Linear = "linear_attention";

    public static Architecture Build(ConfigReader c)
    {
        LatentAttention attention = Attention(c);
        GatedDeltaNet delta = Delta(c, attention);
        long hidden = attention.HiddenSize, streams = c.Streams();
        int layers = c.Layers("num_hidden_layers", 45);
        Func<int, bool> attends = c.Words("layer_types", layers, yes: Sparse, no: Linear) ?? (layer => (layer + 1) % 4 == 0);
        var feedForward = DeepSeekFeedForward.Read(c, hidden, layers, experts: 288, activeExperts: 8, sharedExperts: 1,
            expertSize: 2048, denseSize: 12288, denseLayers: 3) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return Decoder.Of(c, "glm5_next_text", c.Size("vocab_size", 154880), hidden,
            Decoder.ByKind(layers, layer => (attends: attends(layer), sparse: feedForward.IsSparse(layer)), kind =>
            {
                FeedForwardParts layer = feedForward.Layer(kind.sparse);
                return new BlockParts(kind.attends ? attention : delta, layer.Kind,
                [
                    .. HyperConnections.Around("attn", hidden, streams),
                    .. HyperConnections.Around("ffn", hidden, streams),
                    .. Block(kind.attends ? Pooling(attention) : delta.KimiDelta("self_attn."), layer.Tensors),
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            // A prediction block has one stream.
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, layers, Decoder.LayerPrefix,
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Block(Pooling(attention), feedForward.Layer(sparse: true).Tensors),
                .. Norm("shared_head.norm", hidden),
            ]),
        };

        IEnumerable<Tensor> Block(IEnumerable<Tensor> mixer, IEnumerable<Tensor> feedForwardTensors) =>
        [
            .. Norm("input_layernorm", hidden),
            .. mixer,
            .. Norm("post_attention_layernorm", hidden),
            .. feedForwardTensors,
        ];
    }

    private static IEnumerable<Tensor> Pooling(LatentAttention a) =>
    [
        .. a.Latent("self_attn."),
        Plain("self_attn.indexer.index_kpool_compress_gate", TensorRole.Attention, a.Indexer!.HeadDim, a.HiddenSize) with
        {
            Kind = MatrixKind.Replicated,
        },
        Plain("self_attn.indexer.index_kpool_compress_ape", TensorRole.Position, a.Indexer.TokensPerKey, a.Indexer.HeadDim),
    ];

    private static LatentAttention Attention(ConfigReader c)
    {
        const string pool = "index_kpool";
        long indexDim = c.Size("index_head_dim", 128), pooled = c.Size(pool, 4);
        c.Divide(indexDim, pooled, pool);
        return new()
        {
            HiddenSize = c.Size("hidden_size", 4096),
            Heads = c.Size("num_attention_heads", 64),
            QueryRank = c.Size("q_lora_rank", 1536),
            KeyValueRank = c.Size("kv_lora_rank", 512),
            NopeHeadDim = c.Size("qk_nope_head_dim", 256),
            RopeHeadDim = c.Count("qk_rope_head_dim", 0),
            ValueHeadDim = c.Size("v_head_dim", 256),
            Indexer = new(c.Size("index_n_heads", 32), indexDim, c.Size("index_topk", 2048)) { TokensPerKey = pooled },
        };
    }

    private static GatedDeltaNet Delta(ConfigReader c, LatentAttention attention)
    {
        ConfigReader linear = c.Section("linear_attn_config") ?? c.With("num_heads", attention.Heads).With("head_dim", 128);
        return linear.KimiDelta(attention.HiddenSize);
    }
}
