using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Hy 4: latent attention with sinks, a gate on its output and an indexer that later layers may share; several residual streams,
/// each mixed before and after a part on its own, and experts beside a shared one after the first, dense, layer.
/// Source: the class defaults and tensors of the transformers pull request "Add h4" (huggingface/transformers #48473,
/// modeling_hy_v4.py), as a port to MLX gives them, read 2026-11.
/// </summary>
internal static class HyV4
{
    public static Architecture Build(ConfigReader c)
    {
        LatentAttention attention = c.LatentAttention(hiddenSize: 6144, heads: 64, queryRank: 2048, keyValueRank: 512,
            nopeHeadDim: 192, ropeHeadDim: 64, valueHeadDim: 256).Indexed(c, heads: 32) with
        {
            IsMeasured = false,
        };
        LatentAttention sharing = attention.SharingIndexer();
        long hidden = attention.HiddenSize, streams = c.Streams();
        int layers = c.Layers("num_hidden_layers", 78);
        bool bias = c.Flag("attention_bias", false);
        Func<int, bool> shares = c.Words("indexer_types", layers, yes: "shared", no: "full")
            ?? (layer => layer > 0 && (layer - 1) % 4 != 0);
        long denseLayers = c.Count("first_k_dense_replace", 1);
        Func<int, bool> mixes = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") ?? (layer => layer >= denseLayers);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 18432));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("n_routed_experts", 256), active: 8,
            width: ("moe_intermediate_size", 2048), shared: ("n_shared_experts", 1));
        Architecture decoder = Decoder.Of(c, "hy_v4", c.Size("vocab_size", 120832), hidden,
            Decoder.ByKind(layers, layer => (shares: shares(layer), mixes: mixes(layer)), kind =>
            {
                LatentAttention own = kind.shares ? sharing : attention;
                return new BlockParts(own, kind.mixes ? moe : dense,
                [
                    .. HyperConnections.Independent("hc_attn_layer.hc_pre.", hidden, streams),
                    .. Norm("input_layernorm", hidden),
                    .. own.Latent("self_attn.", bias),
                    .. Linear("self_attn.linear_gate", hidden, own.Heads * own.ValueHeadDim,
                        TensorRole.Attention, MatrixKind.Other),
                    Plain("self_attn.learnable_sink_param", TensorRole.Attention, own.Heads),
                    .. HyperConnections.Independent("hc_mlp_layer.hc_pre.", hidden, streams),
                    .. Norm("post_attention_layernorm", hidden),
                    .. kind.mixes ? Experts(moe) : dense.Tensors("mlp."),
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false));
        return decoder with
        {
            Outputs = [.. HyperConnections.Head("model.hc_head.hc_head", hidden, streams), .. decoder.Outputs],
            NotCounted = MultiTokenPrediction.NotCounted(c, "num_nextn_predict_layers"),
        };
    }

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe) =>
    [
        .. moe.Router("mlp.gate"),
        Plain("mlp.gate.e_score_correction_bias", TensorRole.Router, moe.Experts),
        .. moe.Stacked("mlp.experts."),
        .. moe.Shared("mlp.shared_experts."),
    ];
}
