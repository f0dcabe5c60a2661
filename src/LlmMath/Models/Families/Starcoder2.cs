using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// StarCoder2: grouped-query attention over a window, layer norms with biases, biases on every linear layer but the head.
/// Source: huggingface/transformers, src/transformers/models/starcoder2/configuration_starcoder2.py, commit 008e57439125, and
/// modular_starcoder2.py, commit 0325dc46d077.
/// </summary>
internal static class Starcoder2
{
    public static Architecture Build(ConfigReader c)
    {
        c.Fixed("mlp_type", "default").Fixed("norm_type", "layer_norm");
        bool bias = c.Flag("use_bias", true);
        GroupedQueryAttention attention =
            c.Attention(hiddenSize: 3072, heads: 24, keyValueHeads: 2).Within(c.SizeOrNull("sliding_window"));
        long hidden = attention.HiddenSize;
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 12288));
        return Decoder.Of(c, "starcoder2", c.Size("vocab_size", 49152), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 30), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Separate("self_attn.", bias, bias),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "c_fc", "c_proj", bias),
            ])),
            tied: c.Flag("tie_word_embeddings", true), finalNorm: Norm("model.norm", hidden, bias: true));
    }
}
