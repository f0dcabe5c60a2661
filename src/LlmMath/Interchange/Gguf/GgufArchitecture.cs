using static LlmMath.Interchange.GgufField;

namespace LlmMath.Interchange;

/// <summary>An architecture of GGUF as a family of config.json.</summary>
/// <param name="Name">The name in <c>general.architecture</c>.</param>
/// <param name="ModelType">The <c>model_type</c> that a file of this architecture has.</param>
/// <param name="Fields">What its config.json has beside, or instead of, <see cref="Shared"/>.</param>
internal sealed record GgufArchitecture(string Name, Func<GgufModel, string> ModelType, params GgufField[] Fields)
{
    private const string HeadsKey = "attention.head_count", KeyValueHeadsKey = "attention.head_count_kv";
    private const string WindowKey = "attention.sliding_window", PatternKey = "attention.sliding_window_pattern";

    public GgufArchitecture(string name, string modelType, params GgufField[] fields)
        : this(name, _ => modelType, fields)
    {
    }

    /// <summary>The fields that most families read, under the names most of them use or accept; a family that has none passes
    /// over it.</summary>
    public static GgufField[] Shared { get; } =
    [
        Rows("vocab_size", "token_embd.weight"),
        new("hidden_size", m => m.Required("embedding_length"), "embedding_length"),
        From("num_hidden_layers", m => (long)m.Layers),
        new("num_attention_heads", m => m.Whole(HeadsKey) ?? m.Required(HeadsKey), HeadsKey),
        // None where no layer attends: then nothing depends on them.
        new("num_key_value_heads", m =>
            m.Whole(KeyValueHeadsKey) is > 0 and var heads ? heads : m.Whole(HeadsKey) ?? m.Required(HeadsKey), KeyValueHeadsKey),
        new("head_dim", HeadDim, "attention.key_length"),
        Number("intermediate_size", "feed_forward_length", rowsOf: "ffn_up.weight"),
        Number("max_position_embeddings", "context_length"),
        new("sliding_window", m => m.Whole(WindowKey) is > 0 and var window ? (ConfigValue)window : ConfigValue.Null, WindowKey),
        new("layer_types", Windows, PatternKey),
        Has("attention_bias", "attn_q.bias", "attn_qkv.bias"),
        Has("mlp_bias", "ffn_up.bias"),
        Number("num_experts_per_tok", "expert_used_count"),
        new("num_nextn_predict_layers", m => (long)m.Predictors, "nextn_predict_layers"),
        Lacks("tie_word_embeddings", "output.weight"),
    ];

    // Without the key a head has its share of the width. Source: src/llama-model.cpp, load_hparams.
    private static ConfigValue? HeadDim(GgufModel m) => m.Whole("attention.key_length") is { } size ? size
        : m.Whole("attention.head_count") is > 0 and var heads && m.Required("embedding_length") is var hidden
            && hidden % heads == 0
            ? hidden / heads
            : null;

    private static ConfigValue? Windows(GgufModel m) => m.Whole(WindowKey) is > 0 && m.Switches(PatternKey) is { } slides
        ? ConfigValue.Array([.. slides.Select(slide => (ConfigValue)(slide ? "sliding_attention" : "full_attention"))])
        : null;
}
