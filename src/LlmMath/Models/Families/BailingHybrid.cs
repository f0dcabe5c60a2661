using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Ling 3: Kimi's delta attention with latent attention in the last layer of every group, whose heads may be gated, and experts
/// beside shared ones after the first, dense, layers.
/// Source: configuration_bailing_moe_v3.py and modeling_bailing_moe_v3.py of huggingface.co/inclusionAI/Ling-3.0-flash, as two
/// engines' ports give their fields and tensors, read 2026-11.
/// </summary>
internal static class BailingHybrid
{
    public static Architecture Build(ConfigReader c)
    {
        LatentAttention attention = Attention(c);
        long hidden = attention.HiddenSize, group = c.Size("layer_group_size", 6);
        int layers = c.Layers("num_hidden_layers");
        GatedDeltaNet delta = c.With("num_heads", attention.Heads).With("head_dim", c.Size("head_dim", 128)).KimiDelta(hidden);
        bool full = c.Flag("no_kda_lora", true);
        long gate = GateSize(c, attention), denseLayers = c.Count("first_k_dense_replace", 0);
        long width = c.Size("moe_intermediate_size"), shared = c.Count("num_shared_experts", 0);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", null), active: null,
            width: ("moe_intermediate_size", width)) with
        {
            SharedIntermediateSize = shared * (c.SizeOrNull("moe_shared_expert_intermediate_size") ?? width),
        };
        var feedForward = new DeepSeekFeedForward(new(hidden, c.Size("intermediate_size")), moe, layer => layer >= denseLayers)
        {
            Correction = "expert_bias",
        };
        return Decoder.Of(c, "bailing_hybrid", c.Size("vocab_size"), hidden,
            Decoder.ByKind(layers, layer => (attends: Attends(layer), sparse: feedForward.IsSparse(layer)), kind =>
            {
                FeedForwardParts layer = feedForward.Layer(kind.sparse);
                return new BlockParts(kind.attends ? attention : delta, layer.Kind, Block(
                    kind.attends ? Latent() : delta.KimiDelta("attention.", full, full, aLogRank: 1), layer.Tensors));
            }),
            tied: c.Flag("tie_word_embeddings", false), "model.word_embeddings.weight") with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, layers, Decoder.LayerPrefix,
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Block(Latent(), feedForward.Layer(sparse: true).Tensors),
                .. Norm("final_layernorm", hidden),
            ]),
        };

        // The last of each group, and what is left after the last whole group.
        bool Attends(int layer) => (layer + 1) % group == 0 || layer >= layers / group * group;

        IEnumerable<Tensor> Latent() =>
        [
            .. attention.Latent("attention.", output: "dense"),
            .. gate == 0 ? [] : Linear("attention.g_proj", hidden, gate, TensorRole.Attention, MatrixKind.Other),
        ];

        IEnumerable<Tensor> Block(IEnumerable<Tensor> mixer, IEnumerable<Tensor> feedForwardTensors) =>
        [
            .. Norm("input_layernorm", hidden),
            .. mixer,
            .. Norm("post_attention_layernorm", hidden),
            .. feedForwardTensors,
        ];
    }

    private static LatentAttention Attention(ConfigReader c) => new()
    {
        HiddenSize = c.Idle("num_key_value_heads", "head_dim", "qk_head_dim").Size("hidden_size"),
        Heads = c.Size("num_attention_heads"),
        QueryRank = c.SizeOrNull("q_lora_rank"),
        KeyValueRank = c.Size("kv_lora_rank"),
        NopeHeadDim = c.Size("qk_nope_head_dim"),
        RopeHeadDim = c.Size("qk_rope_head_dim"),
        ValueHeadDim = c.Size("v_head_dim"),
    };

    private static long GateSize(ConfigReader c, LatentAttention attention)
    {
        const string field = "gated_attention_proj_granularity_type";
        return c.Text(field) switch
        {
            null => 0,
            "head_wise" => attention.Heads,
            "element_wise" => attention.Heads * attention.ValueHeadDim,
            { } other => throw c.Invalid(field, $"must be \"head_wise\" or \"element_wise\"; it is {(ConfigValue)other}."),
        };
    }
}
