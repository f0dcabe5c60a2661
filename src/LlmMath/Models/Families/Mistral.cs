using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Mistral: Llama without biases, its attention within a window at every layer (Mistral), at the layers listed (Ministral), or at
/// none (Ministral 3, and Mistral where <c>sliding_window</c> is null).
/// Source: huggingface/transformers, src/transformers/models/mistral/configuration_mistral.py, commit 001f85b38fb4, and
/// modular_mistral.py, commit 0096ba4f66d4; ministral/configuration_ministral.py, commit 052b1dcdbe75, and modular_ministral.py,
/// commit 05cd1ec14dbe; ministral3/configuration_ministral3.py, commit 008e57439125, and modular_ministral3.py, commit
/// 00b364c707da.
/// </summary>
internal static class Mistral
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("sliding_window", "sliding_window_size").Idle("attention_sink_size");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8).Within(c.Window(4096));
        return Of(c, "mistral", vocabulary: 32000, [.. Enumerable.Repeat(attention, c.Layers("num_hidden_layers", 32))]);
    }

    public static Architecture BuildMinistral(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8);
        return Of(c, "ministral", vocabulary: 32000,
            attention.ByLayer(c, c.Layers("num_hidden_layers", 32), c.Window(4096), slides: _ => true));
    }

    public static Architecture BuildMinistral3(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8, headDim: 128)
            .Within(c.Window(null));
        return Of(c, "ministral3", vocabulary: 131072, [.. Enumerable.Repeat(attention, c.Layers("num_hidden_layers", 34))]);
    }

    private static Architecture Of(ConfigReader c, string family, long vocabulary, ValueList<GroupedQueryAttention> attentions)
    {
        long hidden = attentions[0].HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 14336));
        return Decoder.Of(c, family, c.Size("vocab_size", vocabulary), hidden,
            Decoder.ByKind(attentions.Count, layer => attentions[layer], attention => LlamaBlock.Of(attention, feedForward)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
