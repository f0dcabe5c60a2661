using static LlmMath.Interchange.GgufField;

namespace LlmMath.Interchange;

/// <summary>
/// Multi-head latent attention in GGUF's keys. Files that keep the cache compressed give its width as <c>key_length</c> and a
/// head's own sizes as <c>key_length_mla</c> and <c>value_length_mla</c>; older ones give a head's sizes as <c>key_length</c> and
/// <c>value_length</c>. Source: ggml-org/llama.cpp, conversion/deepseek.py and conversion/minicpm.py, commit 82bb48500a9a.
/// </summary>
internal static class GgufLatent
{
    public static GgufField[] Attention { get; } =
    [
        new("q_lora_rank", m => m.Whole("attention.q_lora_rank") is > 0 and var rank && m.Has("attn_q_a.weight")
            ? (ConfigValue)rank : ConfigValue.Null,
            "attention.q_lora_rank"),
        new("kv_lora_rank", m => m.Required("attention.kv_lora_rank"), "attention.kv_lora_rank"),
        new("qk_rope_head_dim", m => m.Required("rope.dimension_count"), "rope.dimension_count"),
        new("qk_nope_head_dim", m =>
            (m.Whole("attention.key_length_mla") ?? m.Required("attention.key_length")) - m.Required("rope.dimension_count"),
            "attention.key_length"),
        new("v_head_dim", m => m.Whole("attention.value_length_mla") ?? m.Whole("attention.value_length") ?? Share(m),
            "attention.value_length"),
        Has("attention_bias", "attn_kv_a_mqa.bias"),
        // The sizes of one head, which differ from those that the cache's compressed form would suggest.
        Without("head_dim"),
        Without("num_key_value_heads"),
    ];

    public static GgufField[] Indexer { get; } =
    [
        Number("index_n_heads", "attention.indexer.head_count"),
        Number("index_head_dim", "attention.indexer.key_length"),
        Number("index_topk", "attention.indexer.top_k"),
        new("indexer_types", m => m.Switches("attention.indexer.types") is { } own
            ? ConfigValue.Array([.. own.Select(full => (ConfigValue)(full ? "full" : "shared"))])
            : null, "attention.indexer.types"),
    ];

    private static ConfigValue Share(GgufModel m) => Divide(m, "embedding_length", "attention.head_count");
}
