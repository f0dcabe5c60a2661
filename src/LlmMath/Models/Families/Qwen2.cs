namespace LlmMath.Families;

/// <summary>
/// Qwen 2, 2.5 and 1.5: Llama with biases on queries, keys and values; a window, where it is switched on, from
/// <c>max_window_layers</c> up.
/// Source: huggingface/transformers, src/transformers/models/qwen2/configuration_qwen2.py, commit 008e57439125, and
/// modular_qwen2.py, commit 022c4a9b8834.
/// </summary>
internal static class Qwen2
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        return Of(c, "qwen2", attention, new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 22016)));
    }

    /// <summary>Qwen 2's decoder, which MiMo shares.</summary>
    public static Architecture Of(ConfigReader c, string family, GroupedQueryAttention attention, GatedFeedForward feedForward)
    {
        ValueList<GroupedQueryAttention> attentions = WindowedFrom(c, attention, c.Layers("num_hidden_layers", 32));
        return Decoder.Of(c, family, c.Size("vocab_size", 151936), attention.HiddenSize,
            Decoder.ByKind(attentions.Count, layer => attentions[layer], a => LlamaBlock.Of(a, feedForward, qkvBias: true)),
            tied: c.Flag("tie_word_embeddings", false));
    }

    /// <summary>Each layer's attention: within the window, where one is switched on, from layer <c>max_window_layers</c>
    /// up.</summary>
    public static ValueList<GroupedQueryAttention> WindowedFrom(ConfigReader c, GroupedQueryAttention attention, int layers)
    {
        long? window = c.SwitchedWindow(4096);
        long first = window is null ? layers : c.Count("max_window_layers", 28);
        return attention.ByLayer(c, layers, window, slides: layer => layer >= first);
    }
}
