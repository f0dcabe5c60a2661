using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.RecurrentTensors;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// LFM 2: gated short convolutions with attention at the layers listed; the larger models with a mixture of experts after the
/// first layers.
/// Source: huggingface/transformers, src/transformers/models/lfm2/configuration_lfm2.py, commit 05cd1ec14dbe, and
/// lfm2_moe/configuration_lfm2_moe.py, commit 06053b84c14d, modular_lfm2_moe.py, commit 0c67e26d7659; names: ml-explore/mlx-lm,
/// mlx_lm/models/lfm2_moe.py, commit d78bf58e217c.
/// </summary>
internal static class Lfm2
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 32, keyValueHeads: 8);
        FeedForwardParts dense = Dense(new(attention.HiddenSize, AdjustedWidth(c)));
        return Of(c, "lfm2", attention, _ => dense);
    }

    public static Architecture BuildMoe(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 32, keyValueHeads: 8);
        FeedForwardParts dense = Dense(new(attention.HiddenSize, c.Size("intermediate_size", 7168)));
        FeedForwardParts sparse = Sparse(c, attention.HiddenSize);
        long denseLayers = c.Count("num_dense_layers", 2);
        return Of(c, "lfm2_moe", attention, layer => layer < denseLayers ? dense : sparse);
    }

    private static Architecture Of(ConfigReader c, string family, GroupedQueryAttention attention,
        Func<int, FeedForwardParts> feedForwardOf)
    {
        long hidden = attention.HiddenSize;

        // The attention's and the convolution's sizes in the words of the model's first code.
        c.Idle("intermediate_size").Fixed("block_dim", hidden).Fixed("conv_dim", hidden).Fixed("conv_dim_out", hidden)
            .Fixed("num_heads", attention.Heads);
        var convolution = new ShortConvolution(hidden, c.Size("conv_L_cache", 3));
        bool bias = c.Flag("conv_bias", false);
        int layers = c.Layers("num_hidden_layers", 32);
        Func<int, bool> attends = c.AttendingLayers("layer_types", layers, "full_attention", "conv")
            ?? c.Listed("full_attn_idxs") ?? (_ => true);
        return Decoder.Of(c, family, c.Size("vocab_size", 65536), hidden,
            Decoder.ByKind(layers, layer => (attends: attends(layer), feedForward: feedForwardOf(layer)), kind => new BlockParts(
                kind.attends ? attention : convolution, kind.feedForward.Kind,
                [
                    .. Norm("operator_norm", hidden),
                    .. kind.attends
                        ?
                        [
                            .. attention.Separate("self_attn.", o: "out_proj"),
                            .. attention.HeadNorms("self_attn.", "q_layernorm", "k_layernorm"),
                        ]
                        : Convolving(convolution, bias),
                    .. Norm("ffn_norm", hidden),
                    .. kind.feedForward.Tensors,
                ])),
            tied: c.Alias("tie_embedding", "tie_word_embeddings").Flag("tie_embedding", true),
            finalNorm: Norm("model.embedding_norm", hidden));
    }

    private static IEnumerable<Tensor> Convolving(ShortConvolution m, bool bias) =>
    [
        .. Linear("conv.in_proj", m.HiddenSize, 3 * m.HiddenSize, TensorRole.State, MatrixKind.Other, bias),
        .. Convolution("conv.conv", m.HiddenSize, m.ConvolutionKernel, bias),
        .. Linear("conv.out_proj", m.HiddenSize, m.HiddenSize, TensorRole.State, MatrixKind.Other, bias),
    ];

    private static FeedForwardParts Dense(GatedFeedForward dense) =>
        new(dense, dense.Tensors("feed_forward.", gate: "w1", up: "w3", down: "w2"));

    private static FeedForwardParts Sparse(ConfigReader c, long hidden)
    {
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_experts", 32), active: 4, width: ("moe_intermediate_size", 1792));
        return new(moe,
        [
            .. moe.Router("feed_forward.gate"),
            .. When(c.Flag("use_expert_bias", true), Plain("feed_forward.expert_bias", TensorRole.Router, moe.Experts)),
            .. moe.PerExpert("feed_forward.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
        ]);
    }

    /// <summary>The feed-forward width: two thirds of the width given, times a factor, rounded up to a multiple.</summary>
    private static long AdjustedWidth(ConfigReader c)
    {
        long width = c.SizeOrNull("block_ff_dim") ?? c.Size("intermediate_size", 12288);
        if (!c.Flag("block_auto_adjust_ff_dim", true))
        {
            return width;
        }

        // The reference rounds only where it multiplies; a null switches both off.
        const string field = "block_ffn_dim_multiplier";
        bool rounds = !c.IsNull(field);
        double scaled = Math.Floor((2 * width / 3) * (rounds ? c.Real(field, 1) : 1));
        long multiple = rounds ? c.Size("block_multiple_of", 256) : 1;
        return scaled is >= 1 and <= int.MaxValue
            ? ((long)scaled + multiple - 1) / multiple * multiple
            : throw c.Invalid(field, "must make a width of 1 to 2,147,483,647.");
    }
}
