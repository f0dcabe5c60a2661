using static LlmMath.Interchange.GgufField;

namespace LlmMath.Interchange;

/// <summary>
/// Every architecture that is read: its family, and the fields that its keys and tensors give. Where a key says the same as a
/// tensor's shape or presence, and older files lack the key, the tensor decides. Source: ggml-org/llama.cpp, commit 82bb48500a9a:
/// conversion/*.py (which field a key is written from), gguf-py/gguf/constants.py (the keys' names), src/models/*.cpp (which
/// tensors an architecture has). Persimmon was removed in commit fabf30b4c; its keys are those of the commit before.
/// </summary>
internal static class GgufArchitectures
{
    private const string DecoderBlocks = "decoder_block_count";

    private static readonly Dictionary<string, GgufArchitecture> s_byName =
        Dense.Concat(GgufMixtures.All).Concat(GgufRecurrent.All)
            .ToDictionary(architecture => architecture.Name, StringComparer.Ordinal);

    /// <summary>The names of all of them, in alphabetical order.</summary>
    public static IEnumerable<string> Known => s_byName.Keys.OrderBy(name => name, StringComparer.Ordinal);

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="DefinitionException">There is none; the error lists those that are known.</exception>
    public static GgufArchitecture Find(string name) => s_byName.TryGetValue(name, out GgufArchitecture? architecture)
        ? architecture
        : throw new DefinitionException(DefinitionFault.UnknownFamily, "general.architecture",
            $"\"{name}\" is not a known architecture. Known: {string.Join(", ", Known)}.");

    private static GgufArchitecture[] Dense =>
    [
        new("llama", LlamaType, Number("num_local_experts", "expert_count"), Has("qkv_bias", "attn_q.bias"),
            Has("bias", "attn_output.bias")),
        new("mistral3", m => m.Has("ffn_gate_inp.weight") ? "mixtral" : "ministral3",
            Number("num_local_experts", "expert_count")),
        new("deci", "nemotron-nas", From("block_configs", GgufLayers.BlockConfigs), Without("num_key_value_heads"),
            Without("intermediate_size")),
        new("qwen", "qwen", Quotient("kv_channels", "embedding_length", "attention.head_count"),
            Lacks("no_bias", "attn_output.bias")),
        new("qwen2", "qwen2"),
        new("qwen2vl", "qwen2_vl_text"),
        new("qwen3", "qwen3"),
        new("qwen3vl", "qwen3_vl_text"),
        new("gemma", "gemma"),
        // Older files leave out the window, which is the same in all.
        new("gemma2", "gemma2", Number("sliding_window", "attention.sliding_window")),
        new("gemma3", "gemma3_text"),
        new("gemma3n", "gemma3n_text",
            new("intermediate_size", m => m.Value("feed_forward_length"), "feed_forward_length"),
            Number("altup_num_inputs", "altup.num_inputs"),
            Number("hidden_size_per_layer_input", "embedding_length_per_layer_input"),
            Number("num_kv_shared_layers", "attention.shared_kv_layers"),
            Rows("laurel_rank", "laurel_l.weight"),
            Rows("vocab_size_per_layer_input", "per_layer_token_embd.weight")),
        new("gemma4", "gemma4_text", GgufLayers.Gemma4),
        new("phi2", "phi"),
        new("phi3", "phi3"),
        new("gpt2", "gpt2", Number("n_inner", "feed_forward_length"), Rows("n_positions", "position_embd.weight")),
        new("gptneox", "gpt_neox"),
        new("gptj", "gptj", Number("n_inner", "feed_forward_length")),
        new("falcon", "falcon",
            new("num_kv_heads", m => m.Whole("attention.head_count_kv") ?? 1, "attention.head_count_kv"),
            // One key and value head is the 7B's form, several the 40B's.
            From("new_decoder_architecture", m => m.Whole("attention.head_count_kv") is > 1),
            From("num_ln_in_parallel_attn", m => m.Has("attn_norm_2.weight") ? 2 : 1),
            Fixed("multi_query", true),
            Fixed("parallel_attn", true),
            Number("ffn_hidden_size", "feed_forward_length"),
            Has("bias", "attn_qkv.bias")),
        new("bloom", "bloom"),
        new("mpt", "mpt",
            From("attn_config", m => ConfigValue.Object(
                new("attn_type",
                    m.Value("attention.head_count_kv") is not null ? "grouped_query_attention" : "multihead_attention"),
                new("kv_n_heads", m.Whole("attention.head_count_kv") ?? m.Required("attention.head_count")),
                new("qk_ln", m.Has("attn_q_norm.weight")),
                new("alibi", !m.Has("position_embd.weight")))),
            From("max_seq_len", m => m.Rows("position_embd.weight") ?? m.Required("context_length")),
            Quotient("expansion_ratio", "feed_forward_length", "embedding_length"),
            Lacks("no_bias", "attn_qkv.bias")),
        new("starcoder", "gpt_bigcode",
            From("multi_query", m => m.Whole("attention.head_count_kv") is 1),
            Number("n_inner", "feed_forward_length"),
            Rows("n_positions", "position_embd.weight")),
        new("starcoder2", "starcoder2", Has("use_bias", "attn_q.bias", "attn_qkv.bias")),
        new("stablelm", "stablelm", StableLm),
        // Orion has StableLM's tensors: layer norms with biases around Llama's projections.
        new("orion", "stablelm", StableLm),
        new("command-r", "cohere", Has("use_qk_norm", "attn_q_norm.weight")),
        new("cohere2", "cohere2"),
        new("olmo", "olmo"),
        new("olmo2", m => m.Whole("attention.sliding_window") is > 0 ? "olmo3" : "olmo2"),
        new("granite", "granite"),
        new("glm4", "glm4"),
        new("chatglm", ChatGlmType,
            Fixed("multi_query_attention", true),
            Number("multi_query_group_num", "attention.head_count_kv"),
            Quotient("kv_channels", "embedding_length", "attention.head_count"),
            Number("ffn_hidden_size", "feed_forward_length"),
            Has("add_qkv_bias", "attn_qkv.bias", "attn_q.bias"),
            Has("add_bias_linear", "attn_output.bias"),
            Lacks("rmsnorm", "attn_norm.bias"),
            Has("post_layer_norm", "output_norm.weight")),
        new("nemotron", "nemotron"),
        new("internlm2", "internlm2", Has("bias", "attn_output.bias")),
        new("baichuan", "baichuan"),
        new("exaone", "exaone"),
        new("exaone4", "exaone4"),
        new("minicpm3", "minicpm3", [.. GgufLatent.Attention]),
        new("smollm3", "smollm3"),
        new("seed_oss", "seed_oss", Has("attention_out_bias", "attn_output.bias")),
        new("arcee", "arcee"),
        new("apertus", "apertus", Fixed("hidden_act", "xielu")),
        new("hunyuan-dense", "hunyuan_v1_dense", Has("use_qk_norm", "attn_q_norm.weight")),
        new("ernie4_5", "ernie4_5", Has("use_bias", "attn_q.bias")),
        new("bitnet", "bitnet"),
        new("jais", "jais",
            From("position_embedding_type", m => m.Has("position_embd.weight") ? "learned" : "alibi"),
            From("activation_function", m => m.Has("ffn_gate.weight") ? "swiglu" : "gelu_new"),
            Number("n_positions", "context_length", rowsOf: "position_embd.weight"),
            Number("n_inner", "feed_forward_length")),
        new("persimmon", "persimmon", Has("qk_layernorm", "attn_q_norm.weight")),
        new("t5", m => m.HasAt("enc.attn_rel_b.weight", 1) ? "umt5" : "t5",
            new("num_decoder_layers", m => m.Value(DecoderBlocks) is null ? (long)m.Layers : m.BlockCount(DecoderBlocks),
                DecoderBlocks),
            Number("d_ff", "feed_forward_length"),
            Number("relative_attention_num_buckets", "attention.relative_buckets_count", rowsOf: "enc.attn_rel_b.weight"),
            From("feed_forward_proj", m => m.Has("enc.ffn_gate.weight") ? "gated-gelu" : "relu")),

        // Models that have another family's tensors.
        new("xverse", "llama"),
        new("refact", "llama"),
        new("llada", "llama"),
        new("llama-embed", "llama"),
        new("dream", "qwen2"),
        new("maincoder", "qwen3"),
        new("paddleocr", "ernie4_5", Has("use_bias", "attn_q.bias")),
        new("hunyuan_vl", "hunyuan_v1_dense", Has("use_qk_norm", "attn_q_norm.weight")),
    ];

    private static GgufField[] StableLm =>
    [
        Has("use_qkv_bias", "attn_q.bias"),
        Lacks("use_parallel_residual", "ffn_norm.weight"),
        Has("qk_layernorm", "attn_q_norm.weight"),
    ];

    // Mixtral is written as llama with experts. InternLM 3 is too: it alone has biases on queries but not on the output.
    private static string LlamaType(GgufModel m) => m.Has("ffn_gate_inp.weight") ? "mixtral"
        : m.Has("attn_q.bias") && !m.Has("attn_output.bias") ? "internlm3"
        : "llama";

    // GLM-4 under its newer names keeps queries, keys and values apart; GLM-Edge has a tied head.
    private static string ChatGlmType(GgufModel m) => m.Has("attn_q.weight") || !m.Has("output.weight") ? "glm" : "chatglm";
}
