using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.RecurrentTensors;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// OLMo Hybrid: three layers of gated delta net, with norms before, to one of OLMo 3's attention, with norms after.
/// Source: huggingface/transformers, src/transformers/models/olmo_hybrid/modular_olmo_hybrid.py, commit 009e78d6e89f.
/// </summary>
internal static class OlmoHybrid
{
    public static Architecture Build(ConfigReader c)
    {
        c.Idle("linear_allow_neg_eigval");
        GroupedQueryAttention attention = c.AttentionSharingWidth(hiddenSize: 3840, heads: 30);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 11008));
        GatedDeltaNet delta = Mixer(c, attention);
        int layers = c.Layers("num_hidden_layers", 32);
        Func<int, bool> attends = c.AttendingLayers("layer_types", layers, "full_attention", "linear_attention")
            ?? (layer => layer % 4 == 3 || (layers < 4 && layer == layers - 1));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "olmo_hybrid", c.Size("vocab_size", 100352), hidden,
            Decoder.ByKind(layers, attends, attending => attending
                ? new BlockParts(attention, feedForward,
                [
                    .. attention.Separate("self_attn.", bias, bias),
                    .. attention.ProjectionNorms("self_attn."),
                    .. Norm("post_attention_layernorm", hidden),
                    .. feedForward.Tensors("mlp."),
                    .. Norm("post_feedforward_layernorm", hidden),
                ])
                : new BlockParts(delta, feedForward,
                [
                    .. Norm("input_layernorm", hidden),
                    .. Under("linear_attn.", Tensors(delta)),
                    .. Norm("post_attention_layernorm", hidden),
                    .. feedForward.Tensors("mlp."),
                ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static GatedDeltaNet Mixer(ConfigReader c, GroupedQueryAttention attention)
    {
        long keyHeads = c.Size("linear_num_key_heads", attention.Heads);
        long keyHeadDim = c.Size("linear_key_head_dim", Math.Max(1, 3 * attention.HiddenSize / (4 * keyHeads)));
        var delta = new GatedDeltaNet
        {
            HiddenSize = attention.HiddenSize,
            KeyHeads = keyHeads,
            ValueHeads = c.Size("linear_num_value_heads", attention.Heads),
            KeyHeadDim = keyHeadDim,
            ValueHeadDim = c.Size("linear_value_head_dim", 2 * keyHeadDim),
            ConvolutionKernel = c.Size("linear_conv_kernel_dim", 4),
        };
        c.Divide(delta.ValueHeads, delta.KeyHeads, "linear_num_key_heads");
        return delta;
    }

    private static IEnumerable<Tensor> Tensors(GatedDeltaNet m) =>
    [
        .. Linear("q_proj", m.HiddenSize, m.KeySize, TensorRole.State, MatrixKind.Other),
        .. Linear("k_proj", m.HiddenSize, m.KeySize, TensorRole.State, MatrixKind.Other),
        .. Linear("v_proj", m.HiddenSize, m.ValueSize, TensorRole.State, MatrixKind.Other),
        .. Linear("a_proj", m.HiddenSize, m.ValueHeads, TensorRole.State, MatrixKind.Other),
        .. Linear("b_proj", m.HiddenSize, m.ValueHeads, TensorRole.State, MatrixKind.Other),
        .. Linear("g_proj", m.HiddenSize, m.ValueSize, TensorRole.State, MatrixKind.Other),
        .. Convolution("conv1d", m.ConvolutionSize, m.ConvolutionKernel),
        Plain("A_log", TensorRole.State, m.ValueHeads),
        Plain("dt_bias", TensorRole.State, m.ValueHeads),
        .. Norm("o_norm", m.ValueHeadDim),
        .. Linear("o_proj", m.ValueSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
    ];
}
