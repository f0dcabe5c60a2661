using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Llama 3.2 Vision's decoder: Llama with layers that attend to the image instead of the text, each behind two learned gates,
/// and an embedding of eight rows more than the head.
/// Source: huggingface/transformers, src/transformers/models/mllama/configuration_mllama.py, commit 032b32abfb07, and
/// modeling_mllama.py, commit 003681338d96.
/// </summary>
internal static class Mllama
{
    public static Architecture BuildText(ConfigReader c)
    {
        c = c.Default("cross_attention_layers", ConfigValue.Array(3, 8, 13, 18, 23, 28, 33, 38));
        long vocabulary = c.Size("vocab_size", 128256);
        GroupedQueryAttention attention = c.AttentionSharingWidth(hiddenSize: 4096, heads: 32, keyValueHeads: 8);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 14336));
        Func<int, bool> attendsToImage = c.Listed("cross_attention_layers")
            ?? throw c.Invalid("cross_attention_layers", "must be a list of layer numbers; it is null.");
        if (c.Flag("tie_word_embeddings", false))
        {
            throw c.Invalid("tie_word_embeddings", "must be false: the embedding has eight rows that the head lacks.");
        }

        Architecture decoder = Decoder.Of(c, "mllama_text_model", vocabulary + 8, hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 40), attendsToImage, isCross => isCross
                ? CrossBlock(attention.ToCross(), feedForward)
                : LlamaBlock.Of(attention, feedForward)),
            tied: false);
        return decoder with { Outputs = [.. Norm("model.norm", hidden), .. Head("lm_head", vocabulary, hidden, tiedTo: null)] };
    }

    private static BlockParts CrossBlock(CrossAttention attention, GatedFeedForward feedForward) => new(attention, feedForward,
    [
        .. Norm("input_layernorm", attention.HiddenSize),
        .. attention.Separate("cross_attn."),
        .. attention.HeadNorms("cross_attn."),
        Plain("cross_attn_attn_gate", TensorRole.Attention, 1),
        .. Norm("post_attention_layernorm", attention.HiddenSize),
        .. feedForward.Tensors("mlp."),
        Plain("cross_attn_mlp_gate", TensorRole.FeedForward, 1),
    ]);
}
