namespace LlmMath.Families;

/// <summary>
/// Qwen 3: Qwen 2 with norms of queries and keys instead of their biases, and heads of a size of their own.
/// Source: huggingface/transformers, src/transformers/models/qwen3/configuration_qwen3.py, commit 008e57439125, and
/// modular_qwen3.py, commit 02e8340b9678.
/// </summary>
internal static class Qwen3
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32, headDim: 128);
        ValueList<GroupedQueryAttention> attentions = Qwen2.WindowedFrom(c, attention, c.Layers("num_hidden_layers", 32));
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 22016));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "qwen3", c.Size("vocab_size", 151936), attention.HiddenSize,
            Decoder.ByKind(attentions.Count, layer => attentions[layer],
                a => LlamaBlock.Of(a, feedForward, qkvBias: bias, outputBias: bias, headNorms: true)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
