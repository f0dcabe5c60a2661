using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Phi-3.5-MoE: Mixtral with layer norms, and biases at attention and head where the config says so.
/// Source: huggingface/transformers, src/transformers/models/phimoe/configuration_phimoe.py, commit 040e1a7e4bb4, and
/// modular_phimoe.py, commit 0233e509531a; names: ml-explore/mlx-lm, mlx_lm/models/phimoe.py, commit d78bf58e217c.
/// </summary>
internal static class PhiMoe
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8).Within(c.Window(null));
        long hidden = attention.HiddenSize;
        bool bias = c.Flag("attention_bias", false);
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 16), active: 2, width: ("intermediate_size", 6400));
        return Decoder.Of(c, "phimoe", c.Size("vocab_size", 32064), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, moe,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Separate("self_attn.", bias, bias),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. moe.Router("block_sparse_moe.gate"),
                .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
            ])),
            tied: c.Flag("tie_word_embeddings", false),
            finalNorm: Norm("model.norm", hidden, bias: true),
            headBias: c.Flag("lm_head_bias", false));
    }
}
