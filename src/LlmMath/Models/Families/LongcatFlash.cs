using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// LongCat-Flash: a layer holds two latent attentions, two dense feed-forward layers and one mixture beside them, some of whose
/// experts pass their input on and hold no weights.
/// Source: huggingface/transformers, src/transformers/models/longcat_flash/configuration_longcat_flash.py, commit 008e57439125,
/// and modular_longcat_flash.py, commit 0469a353b591; vllm-project/vllm, vllm/model_executor/models/longcat_flash_mtp.py, commit
/// 0bb55d60cb66.
/// </summary>
internal static class LongcatFlash
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("moe_topk", "num_experts_per_tok").Alias("ffn_hidden_size", "intermediate_size");
        LatentAttention attention = c.LatentAttention(hiddenSize: 6144, heads: 64, queryRank: 1536, keyValueRank: 512,
            nopeHeadDim: 128, ropeHeadDim: 64, valueHeadDim: 128);
        long hidden = attention.HiddenSize, vocabulary = c.Size("vocab_size", 131072);
        bool bias = c.Flag("attention_bias", false), tied = c.Flag("tie_word_embeddings", false);
        var dense = new GatedFeedForward(hidden, c.Size("ffn_hidden_size", 12288));
        long routed = c.Size("n_routed_experts", 512), choices = routed + c.Count("zero_expert_num", 256);
        var experts = new MixtureOfExperts
        {
            HiddenSize = hidden,
            Experts = routed,
            ActiveExperts = ActiveExperts(c, routed, choices),
            ExpertIntermediateSize = c.Size("expert_ffn_hidden_size", 2048),
        };
        var parts = new BlockParts([attention, attention], [dense, dense, experts],
        [
            .. Half(0),
            .. Linear("mlp.router.classifier", hidden, choices,
                TensorRole.Router, MatrixKind.Router, c.Flag("router_bias", false)),
            Plain("mlp.router.e_score_correction_bias", TensorRole.Router, choices),
            .. experts.PerExpert("mlp.experts.{expert}."),
            .. Half(1),
        ]);
        ValueList<Block> blocks = Decoder.Same(c.Layers("num_layers", 28), parts);
        Architecture decoder = Decoder.Of(c, "longcat_flash", vocabulary, hidden, blocks, tied);
        return decoder with
        {
            Additions =
            [
                Addition.MultiTokenPrediction([0],
                [
                    Embedding("model.mtp.embed_tokens.weight", vocabulary, hidden) with { TiedTo = decoder.Inputs[0].Name },
                    .. InEachLayer("model.mtp.layers.{layer}.", Prediction()),
                    .. Norm("model.mtp.norm", hidden),
                ]),
            ],
        };

        Tensor[] Half(int half) =>
        [
            .. Norm($"input_layernorm.{half}", hidden),
            .. attention.Latent($"self_attn.{half}.", bias),
            .. Norm($"post_attention_layernorm.{half}", hidden),
            .. dense.Tensors($"mlps.{half}."),
        ];

        Tensor[] Prediction() =>
        [
            .. MultiTokenPrediction.Joined(hidden, "enorm.m", "hnorm.m"),
            .. Norm("input_layernorm", hidden),
            .. attention.Latent("self_attn.", bias),
            .. Norm("post_attention_layernorm", hidden),
            .. dense.Tensors("transformer_layer.mlp."),
        ];
    }

    /// <summary>Experts with weights among a token's <c>moe_topk</c> choices, on average and rounded down: 8 of the 12 in the
    /// release, which its router's correction aims at.</summary>
    private static long ActiveExperts(ConfigReader c, long routed, long choices)
    {
        long chosen = c.Size("moe_topk", 12);
        return chosen <= choices
            ? Math.Max(1, chosen * routed / choices)
            : throw c.Invalid("moe_topk", $"must be at most the {(ConfigValue)choices} experts; it is {(ConfigValue)chosen}.");
    }
}
