using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Ling and Ring: fused queries, keys and values, routed and shared experts. In 2.0 (<c>bailing_moe_v2</c>, or <c>bailing_moe</c>
/// with V2's architecture) norms on queries and keys, a correction of the router, and prediction blocks among the layers counted.
/// Source: inclusionAI/Ling, models/configuration_bailing_moe.py, commit 69823a612234; vllm-project/vllm,
/// vllm/model_executor/models/bailing_moe.py, commit 0056661838ce; inclusionAI/Ling-V2, models/modeling_bailing_moe_v2.py, commit
/// efee9bb7bc1c.
/// </summary>
internal static class BailingMoe
{
    private const string EmbeddingName = "model.word_embeddings.weight";

    /// <summary>Ling's config.json says <c>bailing_moe</c> in 1.x and in 2.0.</summary>
    public static Architecture Build(ConfigReader c)
    {
        bool isV2 = c.Texts("architectures")?.Contains("BailingMoeV2ForCausalLM") == true
            || c.Has("moe_router_enable_expert_bias");
        return isV2 ? OfV2(c, "bailing_moe") : OfV1(c);
    }

    public static Architecture BuildV2(ConfigReader c) => OfV2(c, "bailing_moe_v2");

    /// <summary>LLaDA 2, which writes blocks of tokens by diffusion, has Ling 2.0's tensors.</summary>
    public static Architecture BuildLlada2(ConfigReader c) => OfV2(c, "llada2_moe", headDim: null);

    private static Architecture OfV2(ConfigReader c, string family, long? headDim = 128)
    {
        c.Fixed("moe_router_enable_expert_bias", true);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16, keyValueHeads: 4, headDim);
        long hidden = attention.HiddenSize, denseLayers = c.Count("first_k_dense_replace", 1);
        int layers = c.Layers("num_hidden_layers", 20), decoderLayers = layers - PredictionLayers(c, layers);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 5120));
        MixtureOfExperts experts = c.Mixture(hidden, experts: ("num_experts", 256), active: 8,
            width: ("moe_intermediate_size", 512), shared: ("num_shared_experts", 1));
        var feedForward = new DeepSeekFeedForward(dense, experts, layer => layer >= denseLayers) { Correction = "expert_bias" };
        bool qkvBias = c.Flag("use_qkv_bias", false), bias = c.Flag("use_bias", false), norms = c.Flag("use_qk_norm", true);

        return Decoder.Of(c, family, c.Size("vocab_size", 157184), hidden,
            Decoder.ByKind(decoderLayers, feedForward.IsSparse, sparse =>
            {
                FeedForwardParts layer = feedForward.Layer(sparse);
                return new BlockParts(attention, layer.Kind, Block(layer.Tensors));
            }),
            tied: c.Flag("tie_word_embeddings", false), EmbeddingName) with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, decoderLayers, Decoder.LayerPrefix,
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Block(feedForward.Layer(sparse: true).Tensors),
                .. Norm("final_layernorm", hidden),
            ]),
        };

        IEnumerable<Tensor> Block(IEnumerable<Tensor> feedForwardTensors) =>
        [
            .. Norm("input_layernorm", hidden),
            .. attention.Fused("attention.query_key_value", "attention.dense", qkvBias, bias),
            .. norms ? attention.HeadNorms("attention.", "query_layernorm", "key_layernorm") : [],
            .. Norm("post_attention_layernorm", hidden),
            .. feedForwardTensors,
        ];
    }

    private static Architecture OfV1(ConfigReader c)
    {
        // The class's default is 0, which no model can have: the field must be there.
        c.Size("num_key_value_heads");

        // No layer is dense.
        c.Idle("intermediate_size").Fixed("first_k_dense_replace", 0);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 1024, heads: 16);
        long hidden = attention.HiddenSize;
        MixtureOfExperts experts = c.Mixture(hidden, experts: ("num_experts", 16), active: 2,
            width: ("moe_intermediate_size", null), shared: ("num_shared_experts", 0));

        // The class's default for use_bias is true; no checkpoint has biases, and configs without the field exist.
        bool bias = c.Flag("use_bias", false), qkvBias = c.Flag("use_qkv_bias", false) || bias;
        return Decoder.Of(c, "bailing_moe", c.Size("vocab_size", 30592), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 24), new BlockParts(attention, experts,
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Fused("attention.query_key_value", "attention.dense", qkvBias, bias),
                .. Norm("post_attention_layernorm", hidden),
                .. experts.Router("mlp.gate"),
                .. experts.PerExpert("mlp.experts.{expert}."),
                .. experts.Shared("mlp.shared_experts."),
            ])),
            tied: c.Flag("tie_word_embeddings", false), EmbeddingName);
    }

    private static int PredictionLayers(ConfigReader c, int layers)
    {
        const string field = "num_nextn_predict_layers";
        long prediction = c.Count(field, 0);
        return prediction < layers
            ? (int)prediction
            : throw c.Invalid(field, $"must be less than num_hidden_layers, which counts them; it is {(ConfigValue)prediction}.");
    }
}
