using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Persimmon: rotary positions on half of each head, layer norms on queries and keys of a head, fused projections with biases.
/// Source: huggingface/transformers, src/transformers/models/persimmon/configuration_persimmon.py, commit 038869d4d54d, and
/// modeling_persimmon.py, commit 00dcc6dda6f6.
/// </summary>
internal static class Persimmon
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 4096);
        bool normed = c.Flag("qk_layernorm", true);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 64);
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 16384));
        return Decoder.Of(c, "persimmon", c.Size("vocab_size", 262144), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 36), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Fused("self_attn.query_key_value", "self_attn.dense", qkvBias: true, outputBias: true),
                .. normed ? attention.HeadNorms("self_attn.", "q_layernorm", "k_layernorm", bias: true) : [],
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "dense_h_to_4h", "dense_4h_to_h", bias: true),
            ])),
            tied: c.Flag("tie_word_embeddings", false), finalNorm: Norm("model.final_layernorm", hidden, bias: true));
    }
}
