using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Granite with a sink for each head and a window at all layers but every fourth, the first of which is full; granitemoe_swa has
/// Granite's experts, and beside them a shared layer where its width is not 0.
/// Source: huggingface/transformers, src/transformers/models/granite_swa/modular_granite_swa.py, commit 1b27b6beddd8, and
/// granitemoe_swa/modular_granitemoe_swa.py, commit 0d7e95d96b4e.
/// </summary>
internal static class GraniteSwa
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 20, keyValueHeads: 4);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 8192));
        FeedForwardParts layer = new(feedForward, feedForward.Tensors("mlp.", c.Flag("mlp_bias", false)));
        return Of(c, "granite_swa", vocabulary: 100352, layers: 24, attention, layer, tied: true);
    }

    public static Architecture BuildMoe(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        MixtureOfExperts moe = Granite.Mixture(c, attention.HiddenSize, c.Count("shared_intermediate_size", 0));
        FeedForwardParts layer = new(moe, Granite.Tensors(moe));
        return Of(c, "granitemoe_swa", vocabulary: 32000, layers: 32, attention, layer, tied: false);
    }

    private static Architecture Of(ConfigReader c, string family, long vocabulary, int layers, GroupedQueryAttention attention,
        FeedForwardParts feedForward, bool tied)
    {
        bool bias = c.Flag("attention_bias", false);
        layers = c.Layers("num_hidden_layers", layers);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(128), slides: layer => layer % 4 != 0);
        return Decoder.Of(c, family, c.Size("vocab_size", vocabulary), attention.HiddenSize,
            Decoder.ByKind(layers, layer => attentions[layer], a => new BlockParts(a, feedForward.Kind,
            [
                .. Norm("input_layernorm", a.HiddenSize),
                .. a.Separate("self_attn.", bias, bias),
                Plain("self_attn.sinks", TensorRole.Attention, a.Heads),
                .. Norm("post_attention_layernorm", a.HiddenSize),
                .. feedForward.Tensors,
            ])),
            tied: c.Flag("tie_word_embeddings", tied));
    }
}
