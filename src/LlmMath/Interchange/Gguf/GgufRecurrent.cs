using static LlmMath.Interchange.GgufField;

namespace LlmMath.Interchange;

/// <summary>The architectures with recurrent mixers or convolutions. Sources as <see cref="GgufArchitectures"/>.</summary>
internal static class GgufRecurrent
{
    private const string Inner = "ssm.inner_size", Heads = "ssm.time_step_rank", State = "ssm.state_size",
        Groups = "ssm.group_count";
    private const string Kernel = "ssm.conv_kernel", Width = "embedding_length", Router = "ffn_gate_inp.weight";

    public static GgufArchitecture[] All =>
    [
        new("mamba", m => m.Value("ssm.dt_b_c_rms")?.Flag == true ? "falcon_mamba" : "mamba",
            Number("intermediate_size", Inner),
            Number("state_size", State),
            Number("conv_kernel", Kernel),
            Number("time_step_rank", Heads),
            Has("use_bias", "ssm_in.bias"),
            Has("use_conv_bias", "ssm_conv1d.bias")),
        new("mamba2", "mamba2",
            Number("num_heads", Heads),
            Quotient("head_dim", Inner, Heads),
            Number("state_size", State),
            Number("n_groups", Groups),
            Number("conv_kernel", Kernel),
            Quotient("expand", Inner, Width),
            Has("use_bias", "ssm_in.bias"),
            Has("use_conv_bias", "ssm_conv1d.bias")),
        new("jamba", "jamba",
            LayerTypes("layer_types", "attn_q.weight", "attention", "mamba"),
            Number("num_experts", "expert_count"),
            From("expert_layer_period", m => Period(m.LayersWith(Router))),
            From("expert_layer_offset", m => m.LayersWith(Router) is { Count: > 0 } layers ? layers[0] : 0),
            Quotient("mamba_expand", Inner, Width),
            Number("mamba_d_state", State),
            Number("mamba_d_conv", Kernel),
            Number("mamba_dt_rank", Heads),
            Has("mamba_proj_bias", "ssm_in.bias"),
            Has("mamba_conv_bias", "ssm_conv1d.bias")),
        new("granitehybrid", "granitemoehybrid",
        [
            .. Bamba,
            LayerTypes("layer_types", "attn_q.weight", "attention", "mamba"),
            Quotient("mamba_expand", Inner, Width),
            From("num_local_experts", m => m.Whole("expert_count") ?? 0),
            // Without experts the shared layer is the feed-forward layer.
            From("shared_intermediate_size", m => m.Rows("ffn_up_shexp.weight") ?? m.Required("feed_forward_length")),
        ]),
        new("falcon-h1", "falcon_h1",
        [
            .. Bamba,
            Number("mamba_d_ssm", Inner),
            Has("mamba_rms_norm", "ssm_norm.weight"),
            Has("projectors_bias", "ssm_out.bias"),
        ]),
        new("nemotron_h", "nemotron_h", NemotronH),
        new("nemotron_h_moe", "nemotron_h", NemotronH),
        new("qwen3next", "qwen3_next", [.. DeltaNet, .. QwenExperts]),
        new("qwen35", "qwen3_5_text", DeltaNet),
        new("qwen35moe", "qwen3_5_moe_text", [.. DeltaNet, .. QwenExperts]),
        new("lfm2", "lfm2",
        [
            .. Lfm2,
            Number("block_ff_dim", "feed_forward_length", rowsOf: "ffn_up.weight"),
            Fixed("block_auto_adjust_ff_dim", false),
        ]),
        new("lfm2moe", "lfm2_moe",
        [
            .. Lfm2,
            Number("num_experts", "expert_count"),
            GgufMixtures.ExpertWidth,
            Number("num_dense_layers", "leading_dense_block_count"),
            Has("use_expert_bias", "exp_probs_b.bias"),
        ]),
        new("kimi-linear", "kimi_linear",
        [
            .. GgufLatent.Attention,
            From("linear_attn_config", m => ConfigValue.Object(
                // The first layer is number 1 here.
                new("kda_layers", ConfigValue.Array([.. m.LayersWith("ssm_a").Select(layer => (ConfigValue)(layer + 1))])),
                new("num_heads", m.Required("attention.head_count")),
                new("head_dim", m.Required("kda.head_dim")),
                new("short_conv_kernel_size", m.Required(Kernel)))),
            Number("num_experts", "expert_count"),
            Number("num_experts_per_token", "expert_used_count"),
            Number("num_shared_experts", "expert_shared_count"),
            Number("first_k_dense_replace", "leading_dense_block_count"),
            GgufMixtures.ExpertWidth,
        ]),
    ];

    private static GgufField[] Bamba =>
    [
        Number("mamba_n_heads", Heads),
        Quotient("mamba_d_head", Inner, Heads),
        Number("mamba_d_state", State),
        Number("mamba_n_groups", Groups),
        Number("mamba_d_conv", Kernel),
        Has("mamba_proj_bias", "ssm_in.bias"),
        Has("mamba_conv_bias", "ssm_conv1d.bias"),
    ];

    private static GgufField[] NemotronH =>
    [
        From("hybrid_override_pattern", Pattern),
        Without("layer_types"),
        Number("mamba_num_heads", Heads),
        Quotient("mamba_head_dim", Inner, Heads),
        Number("ssm_state_size", State),
        Number("n_groups", Groups),
        Number("conv_kernel", Kernel),
        Has("use_bias", "ssm_in.bias"),
        Has("use_conv_bias", "ssm_conv1d.bias"),
        Number("n_routed_experts", "expert_count"),
        From("n_shared_experts", m => m.Has("ffn_up_shexp.weight") ? 1 : 0),
        GgufMixtures.ExpertWidth,
        Number("moe_shared_expert_intermediate_size", "expert_shared_feed_forward_length", rowsOf: "ffn_up_shexp.weight"),
        Number("moe_latent_size", "moe_latent_size"),
    ];

    private static GgufField[] DeltaNet =>
    [
        LayerTypes("layer_types", "attn_q_norm.weight", "full_attention", "linear_attention"),
        Number("linear_num_key_heads", Groups),
        Number("linear_num_value_heads", Heads),
        Number("linear_key_head_dim", State),
        Quotient("linear_value_head_dim", Inner, Heads),
        Number("linear_conv_kernel_dim", Kernel),
        From("mtp_num_hidden_layers", m => (long)m.Predictors),
    ];

    private static GgufField[] QwenExperts =>
    [
        Number("num_experts", "expert_count"),
        GgufMixtures.ExpertWidth,
        Number("shared_expert_intermediate_size", "expert_shared_feed_forward_length", rowsOf: "ffn_up_shexp.weight"),
    ];

    private static GgufField[] Lfm2 =>
    [
        LayerTypes("layer_types", "attn_q.weight", "full_attention", "conv"),
        Number("conv_L_cache", "shortconv.l_cache"),
        Has("conv_bias", "shortconv.in_proj.bias"),
        Lacks("tie_embedding", "output.weight"),
    ];

    // Each layer is one thing: a mixer, attention, a feed-forward layer or experts.
    private static ConfigValue Pattern(GgufModel m) => string.Concat(Enumerable.Range(0, m.Layers).Select(layer =>
        m.HasAt("ssm_in.weight", layer) ? 'M'
        : m.HasAt("attn_output.weight", layer) ? '*'
        : m.HasAt(Router, layer) ? 'E'
        : '-'));

    private static long Period(ValueList<int> layers) =>
        layers.Count > 1 ? layers[1] - layers[0] : layers.Count > 0 ? layers[0] + 1 : 1;
}
