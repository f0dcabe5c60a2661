using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Step 3.5 (and the decoder of Step 3.7): full and windowed layers with heads of their own number, a gate on each head's output,
/// and experts beside a shared one; prediction blocks with a window, dense, each with a head of its own.
/// Source: Blaizzy/mlx-vlm, mlx_vlm/models/step3p5/config.py and language.py, commit 9b13f522a7f1; the checkpoint's names and
/// prediction: NVIDIA-NeMo/Automodel, nemo_automodel/components/models/step3p5/state_dict_adapter.py and step3p7/mtp.py, commit
/// 36044ad3d139.
/// </summary>
internal static class Step3
{
    public static Architecture Build(ConfigReader c)
    {
        const string groups = "num_attention_groups", gates = "use_head_wise_attn_gate";
        c = c.Alias("share_expert_dim", "share_expert_dims");
        int layers = c.Layers("num_hidden_layers"), predicting = c.Blocks("num_nextn_predict_layers", 0);
        GroupedQueryAttention full = Attention(c, c, groups);
        GroupedQueryAttention sliding = Attention(c, c.Section("attention_other_setting") ?? c, groups)
            .Within(c.Size("sliding_window", 512));
        long hidden = full.HiddenSize, vocabulary = c.Size("vocab_size");
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size"));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("moe_num_experts", 288), active: 8,
            width: ("moe_intermediate_size", 1280), activeField: "moe_top_k") with
        {
            SharedIntermediateSize = c.Size("share_expert_dim", 1280),
        };
        bool gated = c.Flag(gates, true), biased = c.Flag("use_moe_router_bias", true);
        Func<int, bool> slides = Slides(c, layers, predicting), mixes = Mixes(c);
        return Decoder.Of(c, "step3p5", vocabulary, hidden,
            Decoder.ByKind(layers, layer => (slides: slides(layer), mixes: mixes(layer)), kind =>
                new BlockParts(kind.slides ? sliding : full, kind.mixes ? moe : dense,
                    Block(kind.slides ? sliding : full, kind.mixes ? Experts(moe, biased) : dense.Tensors("mlp.")))),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, layers, Decoder.LayerPrefix,
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Block(sliding, dense.Tensors("mlp.")),
                .. Norm("transformer.shared_head.norm", hidden),
                .. Head("transformer.shared_head.output", vocabulary, hidden, tiedTo: null),
            ]),
        };

        IEnumerable<Tensor> Block(GroupedQueryAttention a, IEnumerable<Tensor> feedForward) =>
        [
            .. Norm("input_layernorm", hidden),
            .. a.Separate("self_attn."),
            .. a.HeadNorms("self_attn."),
            .. gated ? Linear("self_attn.g_proj", hidden, a.Heads, TensorRole.Attention, MatrixKind.Other) : [],
            .. Norm("post_attention_layernorm", hidden),
            .. feedForward,
        ];
    }

    private static GroupedQueryAttention Attention(ConfigReader c, ConfigReader heads, string groups)
    {
        long count = heads.Size("num_attention_heads"), keys = heads.Size(groups);
        heads.Divide(count, keys, groups);
        return new()
        {
            HiddenSize = c.Size("hidden_size"),
            Heads = count,
            KeyValueHeads = keys,
            HeadDim = c.Size("head_dim"),
        };
    }

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe, bool biased) =>
    [
        .. moe.Router("moe.gate"),
        .. When(biased, Plain("moe.router_bias", TensorRole.Router, moe.Experts)),
        .. moe.StackedApart("moe."),
        .. moe.Shared("share_expert."),
    ];

    // The list may go on with the prediction blocks' layers.
    private static Func<int, bool> Slides(ConfigReader c, int layers, int predicting)
    {
        const string field = "layer_types";
        if (c.Value(field)?.List is { } list && list.Count == layers + predicting)
        {
            c = c.With(field, ConfigValue.Array([.. list.Take(layers)]));
        }

        return c.Words(field, layers, yes: "sliding_attention", no: "full_attention") ?? (layer => layer % 2 == 0);
    }

    /// <summary>Which layers have experts: a list of them, or one in a string with commas; all but the first where neither is
    /// there.</summary>
    private static Func<int, bool> Mixes(ConfigReader c)
    {
        const string field = "moe_layers_enum";
        if (c.Value(field)?.Text is not { } text)
        {
            return c.Listed(field) ?? (layer => layer > 0);
        }

        var layers = new HashSet<int>();
        foreach (string part in text.Split(','))
        {
            layers.Add(int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
                ? layer
                : throw c.Invalid(field, $"must be layers with commas between them; it is {(ConfigValue)text}."));
        }

        return layers.Contains;
    }
}
