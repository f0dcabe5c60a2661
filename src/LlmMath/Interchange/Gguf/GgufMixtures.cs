using static LlmMath.Interchange.GgufField;

namespace LlmMath.Interchange;

/// <summary>The architectures with experts. Sources as <see cref="GgufArchitectures"/>.</summary>
internal static class GgufMixtures
{
    public static GgufArchitecture[] All =>
    [
        new("llama4", "llama4_text",
            Number("num_local_experts", "expert_count"),
            Number("intermediate_size", "expert_feed_forward_length", rowsOf: "ffn_up_exps.weight"),
            Number("intermediate_size_mlp", "feed_forward_length", rowsOf: "ffn_up.weight"),
            From("moe_layers", GgufLayers.Sparse)),
        new("qwen2moe", "qwen2_moe",
            [.. Qwen, Number("shared_expert_intermediate_size", SharedWidth, rowsOf: SharedUp), Has("qkv_bias", "attn_q.bias")]),
        new("qwen3moe", "qwen3_moe", Qwen),
        new("qwen3vlmoe", "qwen3_vl_moe_text", Qwen),
        // RND1 is a diffusion model on Qwen 3's tensors.
        new("rnd1", "qwen3_moe", Qwen),
        new("phimoe", "phimoe", Number("num_local_experts", "expert_count"), Has("lm_head_bias", "output.bias")),
        new("olmoe", "olmoe", Number("num_experts", "expert_count"), ExpertIntermediate),
        new("granitemoe", m => m.Has(SharedUp) ? "granitemoeshared" : "granitemoe",
            Number("num_local_experts", "expert_count"),
            ExpertIntermediate,
            Number("shared_intermediate_size", SharedWidth, rowsOf: SharedUp)),
        new("deepseek", "deepseek", DeepSeek),
        // Version 3 and its kin (Kimi K2, GLM-4.7-Flash) correct the router's scores, version 2 does not.
        new("deepseek2", m => m.Has("exp_probs_b.bias") ? "deepseek_v3" : "deepseek_v2", [.. DeepSeek, .. GgufLatent.Attention]),
        new("mistral4", m => m.Has("exp_probs_b.bias") ? "deepseek_v3" : "deepseek_v2", [.. DeepSeek, .. GgufLatent.Attention]),
        new("deepseek32", "deepseek_v32", [.. DeepSeek, .. GgufLatent.Attention, .. GgufLatent.Indexer]),
        new("glm-dsa", "glm_moe_dsa", [.. DeepSeek, .. GgufLatent.Attention, .. GgufLatent.Indexer]),
        new("glm4moe", "glm4_moe", [.. DeepSeek, Has("use_qk_norm", "attn_q_norm.weight")]),
        new("dots1", "dots1", DeepSeek),
        new("gpt-oss", "gpt_oss", Number("num_local_experts", "expert_count"), ExpertIntermediate),
        new("minicpm", "minicpm", Number("num_experts", "expert_count"), ExpertIntermediate),
        new("hunyuan-moe", "hunyuan_v1_moe",
            Number("num_experts", "expert_count"),
            Number("moe_topk", "expert_used_count"),
            ExpertWidth,
            // The shared experts are counted in units of the dense width.
            Number("intermediate_size", SharedWidth, rowsOf: SharedUp),
            From("num_shared_expert", m => 1),
            Has("use_mixed_mlp_moe", SharedUp),
            Has("use_qk_norm", "attn_q_norm.weight")),
        new("ernie4_5-moe", "ernie4_5_moe",
            Number("moe_num_experts", "expert_count"),
            Number("moe_k", "expert_used_count"),
            ExpertWidth,
            new("moe_num_shared_experts", SharedExperts, "expert_shared_count"),
            Number("moe_layer_start_index", "leading_dense_block_count"),
            Number("moe_layer_interval", "interleave_moe_layer_step"),
            Has("use_bias", "attn_q.bias")),
        new("bailingmoe", "bailing_moe", [.. Bailing]),
        // Here the layers counted are all blocks, those for multi-token prediction included.
        new("bailingmoe2", "bailing_moe_v2",
            [.. Bailing, From("num_hidden_layers", m => (long)m.Blocks), Has("use_qk_norm", "attn_q_norm.weight")]),
        new("afmoe", "afmoe",
            Number("num_experts", "expert_count"),
            ExpertWidth,
            new("num_shared_experts", SharedExperts, "expert_shared_count"),
            Number("num_dense_layers", "leading_dense_block_count")),
        new("exaone-moe", "exaone_moe",
            Number("num_experts", "expert_count"),
            ExpertWidth,
            new("num_shared_experts", SharedExperts, "expert_shared_count"),
            LayerTypes("mlp_layer_types", Router, "sparse", "dense")),
        new("minimax-m2", "minimax_m2", Number("num_local_experts", "expert_count"), ExpertIntermediate,
            Has("use_qk_norm", "attn_q_norm.weight")),
        new("dbrx", "dbrx",
            From("attn_config", m => ConfigValue.Object(new ConfigField("kv_n_heads", m.Required("attention.head_count_kv")))),
            From("ffn_config", m => ConfigValue.Object(
                new("moe_num_experts", m.Required("expert_count")),
                new("moe_top_k", m.Required("expert_used_count")),
                new("ffn_hidden_size", m.Required("feed_forward_length"))))),
        new("grok", GrokType, Number("num_local_experts", "expert_count"), ExpertIntermediate),
        new("mimo2", "mimo_v2_flash", GgufLayers.Mimo),
    ];

    private const string Router = "ffn_gate_inp.weight", SharedUp = "ffn_up_shexp.weight";
    private const string SharedWidth = "expert_shared_feed_forward_length";

    /// <summary>The width of one expert, under the name of most families.</summary>
    public static GgufField ExpertWidth { get; } =
        Number("moe_intermediate_size", "expert_feed_forward_length", rowsOf: "ffn_up_exps.weight");

    // Families in which every layer has experts give their width as intermediate_size.
    private static GgufField ExpertIntermediate => From("intermediate_size", m =>
        m.Whole("expert_feed_forward_length") is > 0 and var width ? width
        : m.Rows("ffn_up_exps.weight") ?? m.Required("feed_forward_length"));

    private static GgufField[] Qwen =>
    [
        Number("num_experts", "expert_count"),
        ExpertWidth,
    ];

    private static GgufField[] DeepSeek =>
    [
        Number("n_routed_experts", "expert_count"),
        ExpertWidth,
        new("n_shared_experts", SharedExperts, "expert_shared_count"),
        Number("first_k_dense_replace", "leading_dense_block_count"),
    ];

    private static GgufField[] Bailing =>
    [
        Number("num_experts", "expert_count"),
        ExpertWidth,
        new("num_shared_experts", SharedExperts, "expert_shared_count"),
        Number("first_k_dense_replace", "leading_dense_block_count"),
        Has("use_qkv_bias", "attn_q.bias", "attn_qkv.bias"),
        Has("use_bias", "attn_output.bias"),
    ];

    // Files store shared experts as one layer; its width is their number times the width of one.
    private static ConfigValue? SharedExperts(GgufModel m) => m.Whole("expert_shared_count") is { } count ? count
        : m.Rows(SharedUp) is { } rows && m.Rows("ffn_up_exps.weight") is { } width && rows % width == 0 ? rows / width
        : 0;

    private static string GrokType(GgufModel m) => m.Has("ffn_up.weight")
        ? throw new DefinitionException(DefinitionFault.UnknownFamily, "general.architecture",
            "\"grok\" with a dense layer beside the experts is Grok 2, which is not known; Grok 1 is.")
        : "grok-1";
}
