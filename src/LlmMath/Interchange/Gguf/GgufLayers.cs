using static LlmMath.Interchange.GgufField;

namespace LlmMath.Interchange;

/// <summary>Architectures whose layers differ in more than one way. Sources as <see cref="GgufArchitectures"/>.</summary>
internal static class GgufLayers
{
    private const string Heads = "attention.head_count", KeyValueHeads = "attention.head_count_kv";

    /// <summary>The layers that have experts, by number.</summary>
    public static ConfigValue Sparse(GgufModel m) =>
        ConfigValue.Array([.. m.LayersWith("ffn_gate_inp.weight").Select(layer => (ConfigValue)layer)]);

    /// <summary>NemotronNAS: each layer's attention and feed-forward layer, either of which may be missing or one square
    /// matrix.</summary>
    public static ConfigValue BlockConfigs(GgufModel m) => ConfigValue.Array([.. Enumerable.Range(0, m.Layers).Select(layer =>
        ConfigValue.Object(new("attention", Attention(m, layer)), new("ffn", FeedForward(m, layer))))]);

    /// <summary>Gemma 4: the full layers have heads of another size, and perhaps fewer of them for keys and values.</summary>
    public static GgufField[] Gemma4 { get; } =
    [
        Number("head_dim", "attention.key_length_swa"),
        Number("global_head_dim", "attention.key_length"),
        new("num_key_value_heads", m => AtLayer(m, KeyValueHeads, slides: true), KeyValueHeads),
        new("num_global_key_value_heads", m => AtLayer(m, KeyValueHeads, slides: false), KeyValueHeads),
        From("attention_k_eq_v", m => m.LayersWith("attn_k.weight").Any(layer => !m.HasAt("attn_v.weight", layer))),
        new("intermediate_size", m => m.PerLayer("feed_forward_length")?.Min() ?? m.Required("feed_forward_length"),
            "feed_forward_length"),
        new("use_double_wide_mlp", m => m.PerLayer("feed_forward_length")?.Distinct().Count() > 1, "feed_forward_length"),
        Number("hidden_size_per_layer_input", "embedding_length_per_layer_input"),
        Number("vocab_size_per_layer_input", "vocab_size", rowsOf: "per_layer_token_embd.weight"),
        Number("num_kv_shared_layers", "attention.shared_kv_layers"),
        Has("enable_moe_block", "ffn_gate_inp.weight"),
        Number("num_experts", "expert_count"),
        Number("top_k_experts", "expert_used_count"),
        GgufMixtures.ExpertWidth,
    ];

    /// <summary>MiMo-V2: layers within a window have more heads for keys and values; all but the first have experts.</summary>
    public static GgufField[] Mimo { get; } =
    [
        new("num_key_value_heads", m => AtLayer(m, KeyValueHeads, slides: false), KeyValueHeads),
        new("swa_num_key_value_heads", m => AtLayer(m, KeyValueHeads, slides: true), KeyValueHeads),
        Number("v_head_dim", "attention.value_length"),
        Number("n_routed_experts", "expert_count"),
        GgufMixtures.ExpertWidth,
        LayerTypes("mlp_layer_types", "ffn_gate_inp.weight", "sparse", "dense"),
        From("add_swa_attention_sink_bias", m => HasSinks(m, slides: true)),
        From("add_full_attention_sink_bias", m => HasSinks(m, slides: false)),
    ];

    // A number that differs between layers with a window and full ones: that of the first layer of the kind.
    private static ConfigValue? AtLayer(GgufModel m, string key, bool slides)
    {
        if (m.PerLayer(key) is not { } numbers)
        {
            return m.Required(key);
        }

        int layer = Slides(m).Take(numbers.Count).ToList().IndexOf(slides);
        return layer < 0 ? null : (ConfigValue)numbers[layer];
    }

    private static bool HasSinks(GgufModel m, bool slides) =>
        Slides(m).Select((slide, layer) => slide == slides && m.HasAt("attn_sinks.weight", layer)).Any(has => has);

    private static IEnumerable<bool> Slides(GgufModel m) =>
        m.Switches("attention.sliding_window_pattern") ?? Enumerable.Repeat(false, m.Layers);

    // Query heads without heads for keys and values stand for a square matrix in place of attention.
    private static ConfigValue Attention(GgufModel m, int layer)
    {
        long heads = OfLayer(m, Heads, layer), keyValueHeads = OfLayer(m, KeyValueHeads, layer);
        return (heads, keyValueHeads) switch
        {
            (0, 0) => ConfigValue.Object(new ConfigField("no_op", true)),
            (_, 0) => ConfigValue.Object(new ConfigField("replace_with_linear", true)),
            _ when heads % keyValueHeads == 0 => ConfigValue.Object(new ConfigField("n_heads_in_group", heads / keyValueHeads)),
            _ => throw GgufModel.Invalid(m.Key(KeyValueHeads),
                $"must divide the heads of each layer; {(ConfigValue)keyValueHeads} does not divide {(ConfigValue)heads}."),
        };
    }

    private static ConfigValue FeedForward(GgufModel m, int layer) =>
        OfLayer(m, "feed_forward_length", layer) is > 0 and var width
        ? ConfigValue.Object(new ConfigField("intermediate_size", width))
        : ConfigValue.Object(new ConfigField("no_op", true));

    private static long OfLayer(GgufModel m, string key, int layer) => m.PerLayer(key) is not { } numbers ? m.Required(key)
        : layer < numbers.Count ? numbers[layer]
        : throw GgufModel.Invalid(m.Key(key),
            $"must have one element for each of the {(ConfigValue)m.Layers} layers; it has {(ConfigValue)numbers.Count}.");
}
