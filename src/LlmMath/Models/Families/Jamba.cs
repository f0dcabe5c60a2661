using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Jamba: Mamba-1 with an attention layer in every eight, and a mixture of experts in every second layer.
/// Source: huggingface/transformers, src/transformers/models/jamba/configuration_jamba.py, commit 008f5c8c29be;
/// ml-explore/mlx-lm, mlx_lm/models/jamba.py, commit d78bf58e217c.
/// </summary>
internal static class Jamba
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("layer_types", "layers_block_type");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8);
        long hidden = attention.HiddenSize;
        var mamba = new MambaMixer
        {
            HiddenSize = hidden,
            InnerSize = c.Size("mamba_expand", 2) * hidden,
            StateSize = c.Size("mamba_d_state", 16),
            ConvolutionKernel = c.Size("mamba_d_conv", 4),
            TimeStepRank = c.TimeStepRank("mamba_dt_rank", hidden),
        };
        bool bias = c.Flag("mamba_proj_bias", false), convolutionBias = c.Flag("mamba_conv_bias", true);
        int layers = c.Layers("num_hidden_layers", 32);
        Func<int, bool> attends = c.AttendingLayers("layer_types", layers, "attention", "mamba")
            ?? OneInEach(c, "attn_layer", 8, 4);
        Func<int, bool> isSparse = c.Count("num_experts", 16) > 1 ? OneInEach(c, "expert_layer", 2, 1) : _ => false;
        return Decoder.Of(c, "jamba", c.Size("vocab_size", 65536), hidden,
            Decoder.ByKind(layers, layer => (attends: attends(layer), sparse: isSparse(layer)), kind =>
            {
                FeedForwardParts feedForward = kind.sparse
                    ? Sparse(c.Mixture(hidden, experts: ("num_experts", 16), active: 2, width: ("intermediate_size", 14336)))
                    : Dense(new(hidden, c.Size("intermediate_size", 14336)));
                return new BlockParts(kind.attends ? attention : mamba, feedForward.Kind,
                [
                    .. Norm("input_layernorm", hidden),
                    .. kind.attends
                        ? attention.Separate("self_attn.")
                        : [.. mamba.Tensors("mamba.", bias, convolutionBias), .. StepNorms(mamba)],
                    .. Norm("pre_ff_layernorm", hidden),
                    .. feedForward.Tensors,
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false),
            finalNorm: Norm("model.final_layernorm", hidden));
    }

    private static IEnumerable<Tensor> StepNorms(MambaMixer mamba) =>
    [
        .. Norm("mamba.dt_layernorm", mamba.TimeStepRank),
        .. Norm("mamba.b_layernorm", mamba.StateSize),
        .. Norm("mamba.c_layernorm", mamba.StateSize),
    ];

    private static FeedForwardParts Dense(GatedFeedForward dense) => new(dense, dense.Tensors("feed_forward."));

    private static FeedForwardParts Sparse(MixtureOfExperts moe) =>
        new(moe, [.. moe.Router("feed_forward.router"), .. moe.PerExpert("feed_forward.experts.{expert}.")]);

    /// <summary>One layer in each period, at an offset: <c>attn_layer_period</c> and <c>attn_layer_offset</c>.</summary>
    private static Func<int, bool> OneInEach(ConfigReader c, string what, long defaultPeriod, long defaultOffset)
    {
        long period = c.Size(what + "_period", defaultPeriod), offset = c.Count(what + "_offset", defaultOffset);
        return offset < period
            ? layer => layer % period == offset
            : throw c.Invalid(what + "_offset", $"must be less than {what}_period; it is {(ConfigValue)offset}.");
    }
}
