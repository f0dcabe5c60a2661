using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// RWKV-7 as flash-linear-attention stores it: six token shifts, projections of low rank for decays, learning rates, gate and,
/// but in the first layer, the share of the first layer's values; channel mixing without a gate. The ranks' defaults differ
/// between the reference's versions, so that a config must give them. Source: fla-org/flash-linear-attention,
/// fla/models/rwkv7/configuration_rwkv7.py, commit 1408c4a5da0b, modeling_rwkv7.py and fla/layers/rwkv7.py, commit 0315a70ea553.
/// </summary>
internal static class Rwkv7
{
    private static readonly string[] s_shifts = ["x_r", "x_w", "x_k", "x_v", "x_a", "x_g"];

    public static Architecture Build(ConfigReader c)
    {
        if (c.Has("attn"))
        {
            throw c.Invalid("attn", "must be null: layers of attention between RWKV-7's are not counted.");
        }

        long hidden = c.Size("hidden_size", 2048);
        var mixer = new Rwkv7Mixer
        {
            HiddenSize = hidden,
            HeadDim = c.Size("head_dim", 64),
            DecayRank = c.Size("decay_low_rank_dim"),
            RateRank = c.Size("a_low_rank_dim"),
            GateRank = c.Size("gate_low_rank_dim"),
            ValueRank = c.Size("v_low_rank_dim"),
        };
        c.Divide(hidden, mixer.HeadDim, "head_dim");
        var channels = new DenseFeedForward(hidden,
            c.SizeOrNull("intermediate_size") ?? 32 * (((c.Size("hidden_ratio", 4) * hidden) + 31) / 32));
        bool bias = c.Flag("norm_bias", true), normFirst = c.Flag("norm_first", true);
        return Decoder.Of(c, "rwkv7", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 24), layer => layer == 0, first =>
            {
                Rwkv7Mixer m = first ? mixer with { ValueRank = 0 } : mixer;
                return new BlockParts(m, channels,
                [
                    .. first && normFirst ? Norm("pre_norm", hidden, bias) : [],
                    .. Norm("attn_norm", hidden, bias),
                    .. Under("attn.", TimeMixing(m)),
                    .. Norm("ffn_norm", hidden, bias),
                    Plain("ffn.x_k", TensorRole.FeedForward, hidden),
                    .. channels.Tensors("ffn.", "key", "value"),
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false), "model.embeddings.weight", Norm("model.norm", hidden, bias));
    }

    private static IEnumerable<Tensor> TimeMixing(Rwkv7Mixer m) =>
    [
        .. s_shifts.Select(shift => Plain(shift, TensorRole.State, 1, 1, m.HiddenSize)),
        Plain("k_k", TensorRole.State, m.HiddenSize),
        Plain("k_a", TensorRole.State, m.HiddenSize),
        Plain("r_k", TensorRole.State, m.Heads, m.HeadDim),
        .. Linear("r_proj", m.HiddenSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
        .. Linear("k_proj", m.HiddenSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
        .. Linear("v_proj", m.HiddenSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
        .. Linear("o_proj", m.HiddenSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
        .. LowRank("w_lora", m.HiddenSize, m.DecayRank),
        .. m.ValueRank == 0 ? [] : LowRank("v_lora", m.HiddenSize, m.ValueRank),
        .. LowRank("a_lora", m.HiddenSize, m.RateRank),
        .. LowRank("g_lora", m.HiddenSize, m.GateRank, bias: false),
        .. Norm("g_norm", m.HiddenSize, bias: true),
    ];

    private static IEnumerable<Tensor> LowRank(string name, long hidden, long rank, bool bias = true) =>
    [
        .. Linear(name + ".lora.0", hidden, rank, TensorRole.State, MatrixKind.Other),
        .. Linear(name + ".lora.2", rank, hidden, TensorRole.State, MatrixKind.Other, bias),
    ];
}
