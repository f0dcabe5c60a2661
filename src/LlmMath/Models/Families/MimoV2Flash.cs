using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// MiMo-V2-Flash: values narrower than keys, layers with a window that have heads and sinks of their own, experts after the
/// first, dense, layer, and three blocks for multi-token prediction. MiMo-V2.5 (<c>mimo_v2</c>): the same beside towers, whose
/// config stands beside the decoder's, with queries, keys and values in one projection.
/// Source: huggingface/transformers, src/transformers/models/mimo_v2_flash/modular_mimo_v2_flash.py, commit 019770ddcfd6; the
/// checkpoint's fields and names: ml-explore/mlx-lm, mlx_lm/models/mimo_v2_flash.py, commit d78bf58e217c; prediction:
/// sgl-project/sglang, python/sglang/srt/models/mimo_v2_flash_nextn.py, commit 10c947154ea0; MiMo-V2.5: the config.json of
/// huggingface.co/XiaomiMiMo/MiMo-V2.5.
/// </summary>
internal static class MimoV2Flash
{
    /// <summary>Describes a config of either <c>model_type</c>.</summary>
    public static Architecture Build(ConfigReader c, string family)
    {
        c = c.Alias("sliding_window", "sliding_window_size").Idle("attention_chunk_size").Fixed("topk_method", "noaux_tc");
        GroupedQueryAttention full = c.Attention(hiddenSize: 4096, heads: 64, keyValueHeads: 4, headDim: 192) with
        {
            ValueHeadDim = c.Size("v_head_dim", 128),
        };
        SlidingWindowAttention sliding = Sliding(c, full);
        long hidden = full.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 48);
        Func<int, bool> slides = c.Words("layer_types", layers, yes: "sliding_attention", no: "full_attention")
            ?? c.Switches("hybrid_layer_pattern", layers)
            ?? (layer => layer > 0 && (layer + 1) % 6 != 0);
        Func<int, bool> isSparse = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense")
            ?? c.Switches("moe_layer_freq", layers)
            ?? (layer => layer > 0);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 16384));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("n_routed_experts", 256), active: 8,
            width: ("moe_intermediate_size", 2048), shared: ("n_shared_experts", 0));
        var feedForward = new DeepSeekFeedForward(dense, moe, isSparse) { Correction = DeepSeekFeedForward.ScoreCorrection };
        bool bias = c.Flag("attention_bias", false), slidingSinks = c.Flag("add_swa_attention_sink_bias", true);
        bool fullSinks = c.Flag("add_full_attention_sink_bias", false), fused = IsFused(c);
        return Decoder.Of(c, family, c.Size("vocab_size", 152576), hidden,
            Decoder.ByKind(layers, layer => (slides: slides(layer), sparse: isSparse(layer)), kind =>
            {
                GroupedQueryAttention attention = kind.slides ? sliding : full;
                FeedForwardParts layer = feedForward.Layer(kind.sparse);
                return new BlockParts(attention, layer.Kind,
                [
                    .. Norm("input_layernorm", hidden),
                    .. Attention(attention, bias, kind.slides ? slidingSinks : fullSinks, fused),
                    .. Norm("post_attention_layernorm", hidden),
                    .. layer.Tensors,
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            // No field says how many: the checkpoint holds three.
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 3, first: 0, "model.mtp.layers.{layer}.",
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Norm("input_layernorm", hidden),
                .. Attention(sliding, bias, slidingSinks, fused),
                .. Norm("pre_mlp_layernorm", hidden),
                .. dense.Tensors("mlp."),
                .. Norm("final_layernorm", hidden),
            ]),
            NotCounted = [.. Wrapper.Towers(c)],
        };
    }

    private static bool IsFused(ConfigReader c)
    {
        const string field = "attention_projection_layout", fused = "fused_qkv", split = "split";
        return c.Text(field) is not { } layout ? false
            : layout == fused || (layout == split ? false
                : throw c.Invalid(field, $"must be \"{fused}\" or \"{split}\"; it is {(ConfigValue)layout}."));
    }

    private static SlidingWindowAttention Sliding(ConfigReader c, GroupedQueryAttention full)
    {
        const string keyValueHeads = "swa_num_key_value_heads";
        var sliding = new SlidingWindowAttention
        {
            HiddenSize = full.HiddenSize,
            Heads = c.Size("swa_num_attention_heads", full.Heads),
            KeyValueHeads = c.Size(keyValueHeads, 2 * full.KeyValueHeads),
            HeadDim = c.Size("swa_head_dim", full.HeadDim),
            ValueHeadDim = c.Size("swa_v_head_dim", full.ValueHeadDim),
            Window = c.Size("sliding_window", 128),
        };
        c.Divide(sliding.Heads, sliding.KeyValueHeads, keyValueHeads);
        return sliding;
    }

    private static IEnumerable<Tensor> Attention(GroupedQueryAttention attention, bool bias, bool sinks, bool fused) =>
    [
        .. fused
            ? attention.Fused("self_attn.qkv_proj", "self_attn.o_proj", qkvBias: bias)
            : attention.Separate("self_attn.", qkvBias: bias),
        .. When(sinks, Plain("self_attn.attention_sink_bias", TensorRole.Attention, attention.Heads)),
    ];
}
