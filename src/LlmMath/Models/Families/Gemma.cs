using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Gemma: Llama's block, a head size of its own, a tied head. Gemma 2 and 3 norm each sublayer before and after, and attend
/// within a window at all but every second (2) or sixth (3) layer; Gemma 3 also norms queries and keys.
/// Source: huggingface/transformers, src/transformers/models/gemma/configuration_gemma.py and gemma2/configuration_gemma2.py,
/// commit 008e57439125, gemma3/modular_gemma3.py, commit 003320480b9e; names: ml-explore/mlx-lm, mlx_lm/models/gemma.py,
/// gemma2.py and gemma3_text.py, commit d78bf58e217c.
/// </summary>
internal static class Gemma
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 3072, heads: 16, keyValueHeads: 16, headDim: 256);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 24576));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "gemma", c.Size("vocab_size", 256000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 28),
                LlamaBlock.Of(attention, feedForward, qkvBias: bias, outputBias: bias)),
            tied: c.Flag("tie_word_embeddings", true));
    }

    public static Architecture BuildGemma2(ConfigReader c) =>
        Interleaved(c, "gemma2", vocabulary: 256000, fullEvery: 2, headNorms: false);

    public static Architecture BuildGemma3(ConfigReader c)
    {
        long fullEvery = c.Alias("sliding_window_pattern", "_sliding_window_pattern").Size("sliding_window_pattern", 6);
        return Interleaved(c, "gemma3_text", vocabulary: 262208, fullEvery, headNorms: true);
    }

    private static Architecture Interleaved(ConfigReader c, string family, long vocabulary, long fullEvery, bool headNorms)
    {
        c = c.Alias("sliding_window", "sliding_window_size");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2304, heads: 8, keyValueHeads: 4, headDim: 256);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 9216));
        int layers = c.Layers("num_hidden_layers", 26);
        bool bias = c.Flag("attention_bias", false);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(4096), slides: layer => (layer + 1) % fullEvery != 0);
        return Decoder.Of(c, family, c.Size("vocab_size", vocabulary), attention.HiddenSize,
            Decoder.ByKind(layers, layer => attentions[layer], kind => new BlockParts(kind, feedForward,
                NormedTwice(attention.HiddenSize,
                    [.. kind.Separate("self_attn.", bias, bias), .. headNorms ? kind.HeadNorms("self_attn.") : []],
                    feedForward.Tensors("mlp.")))),
            tied: c.Flag("tie_word_embeddings", true));
    }

    /// <summary>Attention and feed-forward with a norm before and a norm after each.</summary>
    public static IEnumerable<Tensor> NormedTwice(long hidden, IEnumerable<Tensor> attention, IEnumerable<Tensor> feedForward) =>
    [
        .. Norm("input_layernorm", hidden),
        .. attention,
        .. Norm("post_attention_layernorm", hidden),
        .. Norm("pre_feedforward_layernorm", hidden),
        .. feedForward,
        .. Norm("post_feedforward_layernorm", hidden),
    ];
}
