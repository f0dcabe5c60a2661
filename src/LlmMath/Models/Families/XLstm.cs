using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// xLSTM: matrix memories instead of attention, and gated feed-forward layers.
/// Source: huggingface/transformers, src/transformers/models/xlstm/configuration_xlstm.py, commit 124ddc4e81e0, and
/// modeling_xlstm.py, commit 00bb1d124404.
/// </summary>
internal static class XLstm
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("hidden_size", "embedding_dim").Alias("num_hidden_layers", "num_blocks");
        long hidden = c.Size("hidden_size", 4096), heads = c.Size("num_heads", 8);
        bool bias = c.Flag("use_bias", false);
        var mixer = new MatrixLstm
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyHeadDim = c.Divide((long)(hidden * Factor(c, "qk_dim_factor", 0.5)), heads, "num_heads"),
            ValueHeadDim = c.Divide((long)(hidden * Factor(c, "v_dim_factor", 1)), heads, "num_heads"),
        };
        var feedForward = new GatedFeedForward(hidden,
            RoundedUp(hidden * Factor(c, "ffn_proj_factor", 2.667), c.Size("ffn_round_up_to_multiple_of", 64)));
        bool fused = Fuses(c);
        return Decoder.Of(c, "xlstm", c.Size("vocab_size", 50304), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(mixer, feedForward,
            [
                .. Norm("norm_mlstm", hidden, bias),
                .. Under("mlstm_layer.", fused ? Fused(mixer, bias) : Single(mixer, bias)),
                .. Norm("mlstm_layer.multihead_norm", mixer.ValueSize, bias),
                .. Linear("mlstm_layer.out_proj", mixer.ValueSize, hidden, TensorRole.State, MatrixKind.Other, bias),
                .. Norm("norm_ffn", hidden, bias),
                .. fused
                    ? feedForward.Fused("ffn.", "proj_up_gate_z", "proj_down", bias)
                    : feedForward.Tensors("ffn.", bias, "proj_up_gate", "proj_up", "proj_down"),
            ]), "backbone.blocks.{layer}."),
            tied: c.Flag("tie_word_embeddings", false), "backbone.embeddings.weight", Norm("backbone.out_norm", hidden));
    }

    private static IEnumerable<Tensor> Single(MatrixLstm m, bool bias) =>
    [
        .. Linear("query", m.HiddenSize, m.KeySize, TensorRole.State, MatrixKind.Other, bias),
        .. Linear("key", m.HiddenSize, m.KeySize, TensorRole.State, MatrixKind.Other, bias),
        .. Linear("value", m.HiddenSize, m.ValueSize, TensorRole.State, MatrixKind.Other, bias),
        .. Linear("ogate_preact", m.HiddenSize, m.ValueSize, TensorRole.State, MatrixKind.Other, bias),
        .. Linear("igate_preact", m.HiddenSize, m.Heads, TensorRole.State, MatrixKind.Other, bias: true),
        .. Linear("fgate_preact", m.HiddenSize, m.Heads, TensorRole.State, MatrixKind.Other, bias: true),
    ];

    private static IEnumerable<Tensor> Fused(MatrixLstm m, bool bias) =>
    [
        .. Linear("qkv_opreact", m.HiddenSize, 2 * (m.KeySize + m.ValueSize), TensorRole.State, MatrixKind.Other, bias),
        .. Linear("ifgate_preact", m.HiddenSize, 2 * m.Heads, TensorRole.State, MatrixKind.Other, bias: true),
    ];

    private static bool Fuses(ConfigReader c)
    {
        const string field = "weight_mode";
        string mode = c.Text(field, "single");
        return mode is "single" or "fused"
            ? mode == "fused"
            : throw c.Invalid(field, $"must be \"single\" or \"fused\"; it is {(ConfigValue)mode}.");
    }

    private static double Factor(ConfigReader c, string field, double fallback)
    {
        double factor = c.Real(field, fallback);
        return factor is >= 1e-3 and <= 1000
            ? factor
            : throw c.Invalid(field, $"must be from 0.001 to 1000; it is {(ConfigValue)factor}.");
    }

    private static long RoundedUp(double width, long multiple) => (long)((width + multiple - 1) / multiple) * multiple;
}
