using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Nemotron 3, 4 and Minitron: layer norms with biases, and a feed-forward layer of two matrices with a squared ReLU.
/// Source: huggingface/transformers, src/transformers/models/nemotron/configuration_nemotron.py, commit 05cd1ec14dbe, and
/// modeling_nemotron.py, commit 001ccfcb920b.
/// </summary>
internal static class Nemotron
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 6144, heads: 48);
        long hidden = attention.HiddenSize;
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 24576));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "nemotron", c.Size("vocab_size", 256000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Separate("self_attn.", bias, bias),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "up_proj", "down_proj", c.Flag("mlp_bias", false)),
            ])),
            tied: c.Flag("tie_word_embeddings", false), finalNorm: Norm("model.norm", hidden, bias: true));
    }
}
