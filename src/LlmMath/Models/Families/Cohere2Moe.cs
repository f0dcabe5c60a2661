using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Command A+: Cohere's block of attention and feed-forward side by side after one norm, with experts from
/// <c>first_k_dense_replace</c> on; windows in a pattern that starts anew after the dense layers.
/// Source: huggingface/transformers, src/transformers/models/cohere2_moe/configuration_cohere2_moe.py, commit 008e57439125;
/// Blaizzy/mlx-vlm, mlx_vlm/models/cohere2_moe/language.py, commit 9b13f522a7f1.
/// </summary>
internal static class Cohere2Moe
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 8192, heads: 64, headDim: 128);
        long hidden = attention.HiddenSize, width = c.Size("intermediate_size", 22528);
        int layers = c.Layers("num_hidden_layers", 40);
        long first = c.Count("first_k_dense_replace", 0);
        var dense = new GatedFeedForward(hidden, c.SizeOrNull("prefix_dense_intermediate_size") ?? width);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", 8), active: 2, width: ("intermediate_size", 22528),
            shared: ("num_shared_experts", 0));
        FeedForwardParts experts = new(moe,
        [
            .. moe.Router("mlp.gate"),
            .. moe.PerExpert("mlp.experts.{expert}."),
            .. moe.Shared("mlp.shared_experts."),
        ]);
        Func<int, bool> isSparse = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") ?? (layer => layer >= first);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, layers, c.Window(4096), Slides(c, first));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "cohere2_moe", c.Size("vocab_size", 256000), hidden,
            Decoder.ByKind(layers, layer => (attention: attentions[layer], sparse: isSparse(layer)), kind =>
            {
                FeedForwardParts feedForward = kind.sparse ? experts : new(dense, dense.Tensors("mlp."));
                return new BlockParts(kind.attention, feedForward.Kind,
                [
                    .. Norm("input_layernorm", hidden),
                    .. kind.attention.Separate("self_attn.", bias, bias),
                    .. feedForward.Tensors,
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", true));
    }

    private static Func<int, bool> Slides(ConfigReader c, long first)
    {
        long prefix = c.Size("prefix_dense_sliding_window_pattern", 1), period = c.Size("sliding_window_pattern", 4);
        return layer => layer < first ? (layer + 1) % prefix != 0 : (layer - first + 1) % period != 0;
    }
}
