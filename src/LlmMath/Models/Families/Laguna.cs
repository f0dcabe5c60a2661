using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Laguna: query heads by layer, norms of queries and keys, a gate on each head's output, windows where layer_types has them, and
/// experts beside a shared one after the first, dense, layer.
/// Source: Blaizzy/mlx-vlm, mlx_vlm/models/laguna/config.py and language.py, commit 9b13f522a7f1; the checkpoint's names:
/// NVIDIA-NeMo/Automodel, nemo_automodel/components/models/laguna/config.py and state_dict_adapter.py, commit 36044ad3d139.
/// </summary>
internal static class Laguna
{
    /// <summary>What differs from layer to layer.</summary>
    private readonly record struct Kind(GroupedQueryAttention Attention, long GateSize, bool Sinks, bool Mixes);

    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 32, keyValueHeads: 8, headDim: 128);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 48);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 8192));
        MixtureOfExperts? moe = c.Count("num_experts", 256) == 0 ? null
            : c.Mixture(hidden, experts: ("num_experts", 256), active: 16, width: ("moe_intermediate_size", 1024)) with
            {
                SharedIntermediateSize = c.Size("shared_expert_intermediate_size", 1024),
            };
        c.Idle("mlp_only_layers");
        bool qkvBias = c.Flag("qkv_bias", false), bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "laguna", c.Size("vocab_size", 100352), hidden,
            Decoder.ByKind(layers, Kinds(c, attention, layers, mixes: moe is not null), kind =>
                new BlockParts(kind.Attention, kind.Mixes ? moe! : dense,
                [
                    .. Norm("input_layernorm", hidden),
                    .. kind.Attention.Separate("self_attn.", qkvBias, bias),
                    .. kind.Attention.HeadNorms("self_attn."),
                    .. kind.GateSize == 0 ? [] : Linear("self_attn.g_proj", hidden, kind.GateSize,
                        TensorRole.Attention, MatrixKind.Other),
                    .. When(kind.Sinks, Plain("self_attn.sink", TensorRole.Attention, kind.Attention.Heads)),
                    .. Norm("post_attention_layernorm", hidden),
                    .. kind.Mixes ? Experts(moe!) : dense.Tensors("mlp."),
                ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe) =>
    [
        .. moe.Router("mlp.gate"),
        Plain("mlp.experts.e_score_correction_bias", TensorRole.Router, moe.Experts),
        .. moe.PerExpert("mlp.experts.{expert}."),
        .. moe.Shared("mlp.shared_expert."),
    ];

    private static Func<int, Kind> Kinds(ConfigReader c, GroupedQueryAttention attention, int layers, bool mixes)
    {
        const string perLayer = "num_attention_heads_per_layer";
        ValueList<long> heads = c.Sizes(perLayer, layers, attention.Heads);
        Func<int, bool>? listed = c.Words("layer_types", layers, yes: "sliding_attention", no: "full_attention");
        long? window = listed is null ? null : c.SizeOrNull("sliding_window");
        Func<int, bool> isSparse = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") ?? ByStep(c);
        bool sinks = c.Flag("swa_attention_sink_enabled", false);
        Func<int, string> gating = Gating(c, layers);
        return layer =>
        {
            c.Divide(heads[layer], attention.KeyValueHeads, "num_key_value_heads");
            bool slides = listed?.Invoke(layer) == true;
            GroupedQueryAttention own = attention with { Heads = heads[layer] };
            return new(
                !slides ? own : own.Within(window ?? throw c.Missing("sliding_window", "the width of layer_types' windows")),
                gating(layer) switch { "per-head" => own.Heads, "per-element" => own.OutputSize, _ => 0 },
                slides && sinks,
                mixes && isSparse(layer));
        };
    }

    // mlx-vlm takes true for a gate of each head, as Laguna S 2.1's checkpoint has it.
    private static Func<int, string> Gating(ConfigReader c, int layers)
    {
        if (c.Texts("gating_types") is { } types)
        {
            ValueList<string> modes =
                [.. c.PerLayer("gating_types", types, layers).Select(mode => Mode(c, "gating_types", mode))];
            return layer => modes[layer];
        }

        string one = c.Value("gating")?.Text is { } text ? Mode(c, "gating", text) : c.Flag("gating", true) ? "per-head" : "none";
        return _ => one;
    }

    private static string Mode(ConfigReader c, string field, string mode) => mode.Replace('_', '-') switch
    {
        "per-head" or "head" => "per-head",
        "per-element" or "element" => "per-element",
        "none" or "false" or "off" => "none",
        _ => throw c.Invalid(field, $"must be \"per-head\", \"per-element\" or \"none\"; it is {(ConfigValue)mode}."),
    };

    private static Func<int, bool> ByStep(ConfigReader c)
    {
        long step = c.Size("decoder_sparse_step", 1);
        Func<int, bool> isDense = c.Listed("mlp_only_layers") ?? (layer => layer == 0);
        return layer => (layer + 1) % step == 0 && !isDense(layer);
    }
}
