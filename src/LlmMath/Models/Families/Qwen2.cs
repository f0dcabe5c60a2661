using LlmMath.Architectures;

namespace LlmMath.Models.Families;

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
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 22016));
        return Of(c, "qwen2", attention, feedForward, qkvBias: true);
    }

    /// <summary>Qwen 2's decoder, as Qwen 3 and MiMo vary it.</summary>
    public static Architecture Of(ConfigReader c, string family, GroupedQueryAttention attention, GatedFeedForward feedForward,
        bool qkvBias, bool outputBias = false, bool headNorms = false)
    {
        int layers = c.Layers("num_hidden_layers", 32);
        long? window = c.SwitchedWindow(4096);
        long firstWindowed = window is null ? layers : c.Count("max_window_layers", 28);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, window, slides: layer => layer >= firstWindowed);
        return Decoder.Of(c, family, c.Size("vocab_size", 151936), attention.HiddenSize,
            Decoder.ByKind(layers, layer => attentions[layer],
                a => LlamaBlock.Of(a, feedForward, qkvBias, outputBias, headNorms)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
