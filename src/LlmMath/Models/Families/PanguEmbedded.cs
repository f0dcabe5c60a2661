using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// openPangu Embedded: Llama with biases of all four projections of attention.
/// Source: IDLEOAK/openpangu-lightweight-methods, configuration_openpangu_dense.py and modeling_openpangu_dense.py, commit
/// 26a4a87d1049.
/// </summary>
internal static class PanguEmbedded
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 12800));
        bool bias = c.Flag("bias", true);
        return Decoder.Of(c, "pangu_embedded", c.Size("vocab_size", 153376), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 34),
                LlamaBlock.Of(attention, feedForward, qkvBias: bias, outputBias: bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
