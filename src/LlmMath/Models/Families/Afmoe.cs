using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Arcee Trinity (AFMoE): attention with an output gate, a window at all but every fourth layer, norms before and after both
/// parts, and routed and shared experts after the first, dense, layers.
/// Source: huggingface/transformers, src/transformers/models/afmoe/configuration_afmoe.py, commit 053f59efe493, and
/// modular_afmoe.py, commit 06ee28666cc9.
/// </summary>
internal static class Afmoe
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16, headDim: 128);
        long hidden = attention.HiddenSize;
        long period = c.Size("global_attn_every_n_layers", 4), firstSparse = c.Count("num_dense_layers", 1);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, c.Layers("num_hidden_layers", 32), c.Window(1024),
            slides: layer => (layer + 1) % period != 0);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 6144));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", 64), active: 6, width: ("moe_intermediate_size", 1408),
            shared: ("num_shared_experts", 2));
        return Decoder.Of(c, "afmoe", c.Size("vocab_size", 200192), hidden,
            Decoder.ByKind(attentions.Count, layer => (attention: attentions[layer], sparse: layer >= firstSparse), kind =>
                new BlockParts(kind.attention, kind.sparse ? moe : dense,
                [
                    .. Norm("input_layernorm", hidden),
                    .. kind.attention.Separate("self_attn."),
                    .. kind.attention.HeadNorms("self_attn."),
                    .. Linear("self_attn.gate_proj", hidden, kind.attention.OutputSize, TensorRole.Attention, MatrixKind.Other),
                    .. Norm("post_attention_layernorm", hidden),
                    .. Norm("pre_mlp_layernorm", hidden),
                    .. kind.sparse ? Experts(moe) : dense.Tensors("mlp."),
                    .. Norm("post_mlp_layernorm", hidden),
                ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe) =>
    [
        .. moe.Router("mlp.router.gate"),
        Plain("mlp.expert_bias", TensorRole.Router, moe.Experts),
        .. moe.PerExpert("mlp.experts.{expert}."),
        .. moe.Shared("mlp.shared_experts."),
    ];
}
