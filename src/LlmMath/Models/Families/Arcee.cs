using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Arcee (AFM): Llama with a feed-forward layer of two matrices and a squared ReLU.
/// Source: huggingface/transformers, src/transformers/models/arcee/modular_arcee.py, commit 031734d9c87c.
/// </summary>
internal static class Arcee
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 32);
        var feedForward = new DenseFeedForward(attention.HiddenSize, c.Size("intermediate_size", 18432));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "arcee", c.Size("vocab_size", 32000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), LlamaBlock.Of(attention, feedForward,
                feedForward.Tensors("mlp.", "up_proj", "down_proj", c.Flag("mlp_bias", false)), qkvBias: bias, outputBias: bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
