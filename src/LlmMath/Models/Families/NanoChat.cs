using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// nanochat: norms without weights, also of queries and keys, and two matrices with a squared ReLU.
/// Source: huggingface/transformers, src/transformers/models/nanochat/configuration_nanochat.py, commit 008e57439125, and
/// modular_nanochat.py, commit 06a60bac7af3.
/// </summary>
internal static class NanoChat
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 768, heads: 6);
        var feedForward = new DenseFeedForward(attention.HiddenSize, c.Size("intermediate_size", 8192));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "nanochat", c.Size("vocab_size", 50304), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 12), new BlockParts(attention, feedForward,
            [
                .. attention.Separate("self_attn.", bias, bias),
                .. feedForward.Tensors("mlp.", "fc1", "fc2"),
            ])),
            tied: c.Flag("tie_word_embeddings", false), finalNorm: []);
    }
}
