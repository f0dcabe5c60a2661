using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// VaultGemma: Gemma 2, with its window at every other layer, without the norms after attention and feed-forward.
/// Source: huggingface/transformers, src/transformers/models/vaultgemma/configuration_vaultgemma.py, commit 008e57439125, and
/// modular_vaultgemma.py, commit 0eec8c78a95a.
/// </summary>
internal static class VaultGemma
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2304, heads: 8, keyValueHeads: 4, headDim: 256);
        long hidden = attention.HiddenSize;
        c.Divide(hidden, attention.Heads, "num_attention_heads");
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, c.Layers("num_hidden_layers", 26), c.Window(4096),
            slides: layer => layer % 2 == 0);
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 9216));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "vaultgemma", c.Size("vocab_size", 256000), hidden,
            Decoder.ByKind(attentions.Count, layer => attentions[layer], a => new BlockParts(a, feedForward,
            [
                .. Norm("input_layernorm", hidden),
                .. a.Separate("self_attn.", bias, bias),
                .. Norm("pre_feedforward_layernorm", hidden),
                .. feedForward.Tensors("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", true));
    }
}
