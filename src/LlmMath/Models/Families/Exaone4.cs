using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// EXAONE 4: norms after attention and feed-forward instead of before, norms of queries and keys, and full attention at every
/// fourth layer among layers with a window.
/// Source: huggingface/transformers, src/transformers/models/exaone4/modular_exaone4.py, commit 008e57439125; a pattern of
/// letters: ml-explore/mlx-lm, mlx_lm/models/exaone4.py, commit d78bf58e217c.
/// </summary>
internal static class Exaone4
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 16384));
        long? window = c.Window(4096);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, c.Layers("num_hidden_layers", 32), window,
            slides: window is null ? _ => false : Pattern(c));
        return Decoder.Of(c, "exaone4", c.Size("vocab_size", 102400), hidden,
            Decoder.ByKind(attentions.Count, layer => attentions[layer], a => new BlockParts(a, feedForward,
            [
                .. a.Separate("self_attn."),
                .. a.HeadNorms("self_attn."),
                .. Norm("post_attention_layernorm", hidden),
                .. feedForward.Tensors("mlp."),
                .. Norm("post_feedforward_layernorm", hidden),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    /// <summary>Which layers have the window: <c>sliding_window_pattern</c> is a period whose last layer is full, or letters, L
    /// for a layer with the window and G for a full one.</summary>
    public static Func<int, bool> Pattern(ConfigReader c)
    {
        const string field = "sliding_window_pattern";
        if (c.Value(field) is not { Text: { } letters })
        {
            long period = c.Size(field, 4);
            return layer => (layer + 1) % period != 0;
        }

        return letters.Length > 0 && letters.All(letter => letter is 'L' or 'G')
            ? layer => letters[layer % letters.Length] == 'L'
            : throw c.Invalid(field, $"must be a period, or letters L and G; it is {(ConfigValue)letters}.");
    }
}
