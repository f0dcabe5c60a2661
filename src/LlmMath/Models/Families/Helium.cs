using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Helium: Llama with a square output projection that never has a bias.
/// Source: huggingface/transformers, src/transformers/models/helium/configuration_helium.py, commit 008e57439125, and
/// modular_helium.py, commit 0911f54ac75b.
/// </summary>
internal static class Helium
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 20, keyValueHeads: 20, headDim: 128);
        long hidden = attention.HiddenSize;
        if (attention.OutputSize != hidden)
        {
            throw c.Invalid("head_dim",
                $"times num_attention_heads must be hidden_size, {hidden}; it is {attention.OutputSize}.");
        }

        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 7040));
        return Decoder.Of(c, "helium", c.Size("vocab_size", 48000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 24), LlamaBlock.Of(attention, feedForward,
                qkvBias: c.Flag("attention_bias", false), feedForwardBias: c.Flag("mlp_bias", false))),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
