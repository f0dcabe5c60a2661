using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Phi-3 and Phi-4: Llama with queries, keys and values in one projection, gate and up in another, and no biases.
/// Source: huggingface/transformers, src/transformers/models/phi3/configuration_phi3.py, commit 008e57439125, and
/// modular_phi3.py, commit 06053b84c14d.
/// </summary>
internal static class Phi3
{
    public static Architecture Build(ConfigReader c)
    {
        c.Fixed("attention_bias", false).Fixed("mlp_bias", false).Fixed("lm_head_bias", false).Fixed("full_attn_mod", 1);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 3072, heads: 32).Within(c.Window(null));
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 8192));
        return Decoder.Of(c, "phi3", c.Size("vocab_size", 32064), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", attention.HiddenSize),
                .. attention.Fused("self_attn.qkv_proj", "self_attn.o_proj"),
                .. Norm("post_attention_layernorm", attention.HiddenSize),
                .. feedForward.Fused("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
