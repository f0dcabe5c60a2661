using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// SmolLM 3: Llama with layers that have no rotary positions; these have the window, where one is switched on.
/// Source: huggingface/transformers, src/transformers/models/smollm3/configuration_smollm3.py and modular_smollm3.py, commit
/// 008e57439125.
/// </summary>
internal static class SmolLm3
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16, keyValueHeads: 4);
        int layers = c.Layers("num_hidden_layers", 36);
        Func<int, bool> isRotary = c.RotaryLayers(layers);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.SwitchedWindow(null), slides: layer => !isRotary(layer));
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("attention_bias", false), feedForwardBias = c.Flag("mlp_bias", false);
        return Decoder.Of(c, "smollm3", c.Size("vocab_size", 128256), attention.HiddenSize,
            Decoder.ByKind(layers, layer => attentions[layer],
                a => LlamaBlock.Of(a, feedForward, qkvBias: bias, outputBias: bias, feedForwardBias: feedForwardBias)),
            tied: c.Flag("tie_word_embeddings", true));
    }
}
