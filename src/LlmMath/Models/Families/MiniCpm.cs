using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// MiniCPM: Llama with scaled branches and a tied head, in one model with experts; MiniCPM3 has latent attention.
/// Source: vllm-project/vllm, vllm/model_executor/models/minicpm.py, commit 00db0119c376, with the defaults of the hub's
/// configuration_minicpm.py (copy in wxthu/nas_tuner, commit 929b4ec08d9f); huggingface/transformers,
/// src/transformers/models/minicpm3/configuration_minicpm3.py, commit 008e57439125, and ml-explore/mlx-lm,
/// mlx_lm/models/minicpm3.py, commit d78bf58e217c.
/// </summary>
internal static class MiniCpm
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        long hidden = attention.HiddenSize;
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "minicpm", c.Size("vocab_size", 32000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), c.Count("num_experts", 0) == 0
                ? LlamaBlock.Of(attention, new GatedFeedForward(hidden, c.Size("intermediate_size", 11008)), bias, bias)
                : Sparse(c.Mixture(hidden, experts: ("num_experts", null), active: null, width: ("intermediate_size", 11008)))),
            tied: c.Flag("tie_word_embeddings", true));

        BlockParts Sparse(MixtureOfExperts mixture) => LlamaBlock.Of(attention, mixture,
            [.. mixture.Router("mlp.gate"), .. mixture.PerExpert("mlp.experts.{expert}.", "w1", "w3", "w2")], bias, bias);
    }

    public static Architecture Build3(ConfigReader c)
    {
        LatentAttention attention = c.LatentAttention(hiddenSize: 2560, heads: 40, queryRank: 768, keyValueRank: 256,
            nopeHeadDim: 64, ropeHeadDim: 32, valueHeadDim: null);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 6400));
        return Decoder.Of(c, "minicpm3", c.Size("vocab_size", 73448), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 62), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Latent("self_attn.", c.Flag("attention_bias", false)),
                .. Norm("post_attention_layernorm", hidden),
                .. feedForward.Tensors("mlp.", c.Flag("mlp_bias", false)),
            ])),
            tied: c.Flag("tie_word_embeddings", true));
    }
}
