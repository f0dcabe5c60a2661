using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Zamba: Mamba-1 in every layer, and before some of them one shared block of attention and feed-forward, which reads the hidden
/// state beside the embedding.
/// Source: huggingface/transformers, src/transformers/models/zamba/configuration_zamba.py, commit 0381c3378513, and
/// modeling_zamba.py, commit 010496ec8160, for the sizes; a later modeling_zamba.py for the names (<c>ZambaHybridLayer</c>).
/// </summary>
internal static class Zamba
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 3712), heads = c.Size("num_attention_heads", 16);
        GroupedQueryAttention attention = c.GroupedQuery(2 * hidden, heads, c.KeyValueHeads(heads), "num_attention_heads");
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 14848));
        var mamba = new MambaMixer
        {
            HiddenSize = hidden,
            InnerSize = c.Size("mamba_expand", 2) * hidden,
            StateSize = c.Size("mamba_d_state", 16),
            ConvolutionKernel = c.Size("mamba_d_conv", 4),
            TimeStepRank = c.TimeStepRank("mamba_dt_rank", hidden),
        };
        long groups = c.Size("n_mamba_heads", 2);
        c.Divide(mamba.InnerSize, groups, "n_mamba_heads");
        bool bias = c.Flag("mamba_proj_bias", false), convolutionBias = c.Flag("mamba_conv_bias", true);
        int layers = c.Layers("num_hidden_layers", 76);
        Func<int, bool> isHybrid = c.AttendingLayers("layers_block_type", layers, "hybrid", "mamba") ?? Pattern(c);
        int first = Enumerable.Range(0, layers).Where(isHybrid).DefaultIfEmpty(-1).First();
        return Decoder.Of(c, "zamba", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, layer => (IsHybrid: isHybrid(layer), IsFirst: layer == first), kind => kind.IsHybrid
                ? new BlockParts([attention, mamba], [feedForward],
                [
                    .. Under("shared_transf.", Shared(attention, feedForward)).Select(tensor =>
                        tensor with { TiedTo = kind.IsFirst ? null : $"model.layers.{first}.{tensor.Name}" }),
                    .. Linear("linear", hidden, hidden, TensorRole.Projection, MatrixKind.Other),
                    .. Under("mamba_decoder.", Recurrent()),
                ])
                : new BlockParts([mamba], [], Recurrent())),
            tied: c.Flag("tie_word_embeddings", true),
            finalNorm: Norm("model.final_layernorm", hidden));

        IEnumerable<Tensor> Recurrent() =>
            [.. Norm("input_layernorm", hidden), .. Under("mamba.", Mixing(mamba, groups, bias, convolutionBias))];
    }

    private static IEnumerable<Tensor> Shared(GroupedQueryAttention a, GatedFeedForward f) =>
    [
        .. Linear("self_attn.q_proj", a.HiddenSize, a.QuerySize, TensorRole.Attention, MatrixKind.Query),
        .. Linear("self_attn.k_proj", a.HiddenSize, a.KeySize, TensorRole.Attention, MatrixKind.Key),
        .. Linear("self_attn.v_proj", a.HiddenSize, a.ValueSize, TensorRole.Attention, MatrixKind.Value),
        .. Linear("self_attn.o_proj", a.OutputSize, f.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput),
        .. f.Tensors("feed_forward."),
        .. Norm("input_layernorm", a.HiddenSize),
        .. Norm("pre_ff_layernorm", f.HiddenSize),
    ];

    // Mamba-1 whose inner projections are cut into groups ("heads"), each reading its own channels.
    private static IEnumerable<Tensor> Mixing(MambaMixer m, long groups, bool bias, bool convolutionBias)
    {
        long channels = m.InnerSize / groups;
        return
        [
            .. RecurrentTensors.Convolution("conv1d", m.InnerSize, m.ConvolutionKernel, convolutionBias),
            .. Linear("in_proj", m.HiddenSize, 2 * m.InnerSize, TensorRole.State, MatrixKind.Other, bias),
            Plain("x_proj_weight", TensorRole.State, groups, m.TimeStepRank + (2 * m.StateSize), channels) with
            {
                Kind = MatrixKind.Other,
            },
            Plain("dt_proj_weight", TensorRole.State, groups, channels, m.TimeStepRank) with { Kind = MatrixKind.Other },
            Plain("dt_proj_bias", TensorRole.State, groups, channels) with { IsLinearBias = true },
            Plain("A_log", TensorRole.State, groups, channels, m.StateSize),
            Plain("D", TensorRole.State, groups, channels),
            .. Linear("out_proj", m.InnerSize, m.HiddenSize, TensorRole.State, MatrixKind.Other, bias),
        ];
    }

    // The first three layers are told apart; the period is counted after them.
    private static Func<int, bool> Pattern(ConfigReader c)
    {
        long period = c.Size("attn_layer_period", 6), offset = c.Count("attn_layer_offset", 4);
        return layer => layer < 3 ? layer == 2 : (layer - 3) % period == offset;
    }
}
