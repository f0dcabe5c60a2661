using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Llama: RMS norms, rotary positions, grouped-query attention, a gated feed-forward; biases where the config says so.
/// Source: huggingface/transformers, src/transformers/models/llama/configuration_llama.py, commit 008e57439125, and
/// modeling_llama.py, commit 002272831fba.
/// </summary>
internal static class Llama
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "llama", c.Size("vocab_size", 32000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), LlamaBlock.Of(attention, feedForward,
                qkvBias: bias, outputBias: bias, feedForwardBias: c.Flag("mlp_bias", false))),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
