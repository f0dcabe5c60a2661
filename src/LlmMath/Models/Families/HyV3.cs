using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Hy 3 and Hy-MT2: norms on queries and keys of each head, and experts beside shared ones after the first, dense, layers.
/// Source: NVIDIA-NeMo/Automodel, nemo_automodel/components/models/hy_v3/config.py, layers.py and state_dict_adapter.py, commit
/// 36044ad3d139.
/// </summary>
internal static class HyV3
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("moe_intermediate_size", "expert_hidden_dim");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 64, keyValueHeads: 8, headDim: 128);
        long hidden = attention.HiddenSize, denseLayers = c.Count("first_k_dense_replace", 1);
        int layers = c.Layers("num_hidden_layers", 80);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 1536));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", 192), active: 8,
            width: ("moe_intermediate_size", 1536), shared: ("num_shared_experts", 1));
        bool bias = c.Flag("attention_bias", false), norms = c.Flag("qk_norm", true);
        bool corrects = c.Flag("moe_router_enable_expert_bias", true);
        return Decoder.Of(c, "hy_v3", c.Size("vocab_size", 129280), hidden,
            Decoder.ByKind(layers, layer => layer >= denseLayers, mixes => mixes ? Sparse() : LlamaBlock.Of(attention, dense,
                qkvBias: bias, outputBias: bias, headNorms: norms)),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, layers, Decoder.LayerPrefix,
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Sparse().Tensors,
                .. Norm("final_layernorm", hidden),
            ]),
        };

        BlockParts Sparse() => LlamaBlock.Of(attention, moe,
        [
            .. moe.Router("mlp.router.gate"),
            .. When(corrects, Plain("mlp.expert_bias", TensorRole.Router, moe.Experts)),
            .. moe.PerExpert("mlp.experts.{expert}."),
            .. moe.Shared("mlp.shared_mlp."),
        ], bias, bias, norms);
    }
}
