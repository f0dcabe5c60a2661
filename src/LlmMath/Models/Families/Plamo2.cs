using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// PLaMo 2: selective state spaces with attention between them, within a window unless <c>full_attention_idx</c> lists the layer;
/// norms before and after both parts. The state space has a time step for each head and B and C for all.
/// Source: ml-explore/mlx-lm, mlx_lm/models/plamo2.py, commit d78bf58e217c.
/// </summary>
internal static class Plamo2
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("hidden_size_per_head", "head_dim");
        long hidden = c.Size("hidden_size", 4096), heads = c.Size("num_attention_heads", 32);
        var full = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = c.KeyValueHeads(heads, 4),
            HeadDim = c.Size("hidden_size_per_head", 128),
        };
        GroupedQueryAttention sliding = full.Within(c.Size("attention_window_size", 2048));
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 13312));
        long groups = c.Size("mamba_num_heads", 64);
        var mamba = new MambaMixer
        {
            HiddenSize = hidden,
            InnerSize = groups * full.HeadDim,
            StateSize = c.Size("mamba_d_state", 64),
            ConvolutionKernel = c.Size("mamba_d_conv", 4),
            TimeStepRank = Math.Max(64, hidden / 16),
        };
        int layers = c.Layers("num_hidden_layers", 32);
        Func<int, bool> isFull = c.Listed("full_attention_idx") ?? (_ => false), attends = Attends(c, layers);
        return Decoder.Of(c, "plamo2", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, layer => (attends: attends(layer), full: attends(layer) && isFull(layer)), kind =>
            {
                GroupedQueryAttention a = kind.full ? full : sliding;
                SequenceMixer mixer = kind.attends ? a : mamba;
                return new BlockParts(mixer, feedForward,
                [
                    .. Norm("pre_mixer_norm", hidden),
                    .. Under("mixer.", kind.attends ? Attention(a) : Mixing(mamba, groups)),
                    .. Norm("post_mixer_norm", hidden),
                    .. Norm("pre_mlp_norm", hidden),
                    .. feedForward.Fused("mlp."),
                    .. Norm("post_mlp_norm", hidden),
                ]);
            }, "model.layers.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", true));
    }

    private static IEnumerable<Tensor> Attention(GroupedQueryAttention a) =>
    [
        .. a.Fused("qkv_proj", "o_proj"),
        Plain("q_weight", TensorRole.Norm, a.Heads, a.HeadDim),
        Plain("k_weight", TensorRole.Norm, a.KeyValueHeads, a.HeadDim),
    ];

    private static IEnumerable<Tensor> Mixing(MambaMixer m, long heads) =>
    [
        .. Linear("in_proj", m.HiddenSize, 2 * m.InnerSize, TensorRole.State, MatrixKind.Other),
        .. RecurrentTensors.Convolution("conv1d", m.InnerSize, m.ConvolutionKernel),
        .. Linear("bcdt_proj", m.InnerSize, m.TimeStepRank + (2 * m.StateSize), TensorRole.State, MatrixKind.Other),
        .. Linear("dt_proj", m.TimeStepRank, heads, TensorRole.State, MatrixKind.Other),
        Plain("dt_bias", TensorRole.State, heads),
        Plain("A_log", TensorRole.State, heads),
        Plain("D", TensorRole.State, heads),
        Plain("dt_norm_weight", TensorRole.Norm, m.TimeStepRank),
        Plain("B_norm_weight", TensorRole.Norm, m.StateSize),
        Plain("C_norm_weight", TensorRole.Norm, m.StateSize),
        .. Linear("out_proj", m.InnerSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
    ];

    // Half a step into each step of layers; where the model is shorter, the last layer.
    private static Func<int, bool> Attends(ConfigReader c, int layers)
    {
        if (!c.Flag("mamba_enabled", true))
        {
            return _ => true;
        }

        long step = c.Size("mamba_step", 2);
        return layers <= step / 2 ? layer => layer == layers - 1 : layer => layer % step == step / 2;
    }
}
