using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Seed-OSS: Llama with biases on queries, keys and values, a flag of its own for the output's, and heads wider than the stream.
/// Source: huggingface/transformers, src/transformers/models/seed_oss/configuration_seed_oss.py, commit 008e57439125, and
/// modular_seed_oss.py, commit 052b1dcdbe75.
/// </summary>
internal static class SeedOss
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 80, keyValueHeads: 8, headDim: 128);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 27648));
        return Decoder.Of(c, "seed_oss", c.Size("vocab_size", 155136), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 64), LlamaBlock.Of(attention, feedForward,
                qkvBias: c.Flag("attention_bias", true), outputBias: c.Flag("attention_out_bias", false),
                feedForwardBias: c.Flag("mlp_bias", false))),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
