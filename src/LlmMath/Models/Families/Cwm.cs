using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// CWM, the code world model: Llama, with a window at all layers but every fourth, the first of which is full.
/// Source: huggingface/transformers, src/transformers/models/cwm/configuration_cwm.py, commit 008e57439125.
/// </summary>
internal static class Cwm
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 6144, heads: 48, keyValueHeads: 8, headDim: 128);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 21504));
        int layers = c.Layers("num_hidden_layers", 64);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(8192), slides: layer => layer % 4 != 0);
        bool bias = c.Flag("mlp_bias", false);
        return Decoder.Of(c, "cwm", c.Size("vocab_size", 128256), attention.HiddenSize,
            Decoder.ByKind(layers, layer => attentions[layer], a => LlamaBlock.Of(a, feedForward, feedForwardBias: bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
