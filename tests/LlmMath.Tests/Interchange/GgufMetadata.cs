namespace LlmMath.Tests.Interchange;

/// <summary>The keys that a conversion writes of a config.json. Sources as <see cref="GgufConversion"/>.</summary>
internal sealed partial class GgufMetadata
{
    /// <summary>The architecture of each family that converts; families that are not here do not, or keep their name.</summary>
    private static readonly Dictionary<string, string> s_architectures = new()
    {
        ["mistral"] = "llama", ["mixtral"] = "llama", ["internlm3"] = "llama", ["ministral3"] = "mistral3",
        ["nemotron-nas"] = "deci",
        ["gemma3_text"] = "gemma3", ["gemma3n_text"] = "gemma3n", ["gemma4_text"] = "gemma4", ["phi"] = "phi2",
        ["gpt_neox"] = "gptneox",
        ["gpt_bigcode"] = "starcoder", ["cohere"] = "command-r", ["olmo3"] = "olmo2", ["glm"] = "chatglm",
        ["glm4_moe"] = "glm4moe",
        ["glm4_moe_lite"] = "deepseek2", ["glm_moe_dsa"] = "glm-dsa", ["deepseek_v2"] = "deepseek2",
        ["deepseek_v3"] = "deepseek2",
        ["kimi_k2"] = "deepseek2", ["deepseek_v32"] = "deepseek32", ["qwen2_moe"] = "qwen2moe", ["qwen3_moe"] = "qwen3moe",
        ["qwen3_next"] = "qwen3next", ["qwen3_5_text"] = "qwen35", ["qwen3_5_moe_text"] = "qwen35moe",
        ["granitemoeshared"] = "granitemoe",
        ["granitemoehybrid"] = "granitehybrid", ["gpt_oss"] = "gpt-oss", ["hunyuan_v1_dense"] = "hunyuan-dense",
        ["hunyuan_v1_moe"] = "hunyuan-moe",
        ["ernie4_5_moe"] = "ernie4_5-moe", ["bailing_moe"] = "bailingmoe", ["bailing_moe_v2"] = "bailingmoe2",
        ["lfm2_moe"] = "lfm2moe",
        ["minimax_m2"] = "minimax-m2", ["grok-1"] = "grok", ["umt5"] = "t5", ["mt5"] = "t5", ["kimi_linear"] = "kimi-linear",
        ["mimo_v2_flash"] = "mimo2", ["falcon_h1"] = "falcon-h1", ["llama4_text"] = "llama4", ["falcon_mamba"] = "mamba",
        ["exaone_moe"] = "exaone-moe",
    };

    private static readonly string[] s_sameName =
    [
        "llama", "qwen", "qwen2", "qwen3", "gemma", "gemma2", "phi3", "phimoe", "gpt2", "gptj", "falcon", "bloom", "mpt",
        "starcoder2", "stablelm", "cohere2",
        "olmo", "olmo2", "olmoe", "granite", "granitemoe", "deepseek", "glm4", "chatglm", "mamba", "mamba2", "jamba", "nemotron",
        "nemotron_h", "internlm2",
        "baichuan", "exaone", "exaone4", "minicpm", "minicpm3", "smollm3", "seed_oss", "arcee", "apertus", "ernie4_5", "dots1",
        "lfm2", "dbrx", "jais",
        "t5", "afmoe", "bitnet",
    ];

    private readonly ModelDefinition _model;
    private readonly List<(string Key, object Value)> _fields = [];
    private readonly string _architecture;

    private GgufMetadata(ModelDefinition model, string architecture) => (_model, _architecture) = (model, architecture);

    /// <summary>The architecture that a family converts to, or null.</summary>
    public static string? ArchitectureOf(string family) =>
        s_architectures.TryGetValue(family, out string? architecture) ? architecture
        : s_sameName.Contains(family) ? family
        : null;

    public static List<(string Key, object Value)> Of(ModelDefinition model)
    {
        var metadata = new GgufMetadata(model, Variant(model, ArchitectureOf(model.Architecture.Family)!));
        metadata.AddShared();
        metadata.AddOwn();
        return metadata._fields;
    }

    // Nemotron-H with experts has a name of its own; Granite 4 without mixers that keep a state is a Granite.
    private static string Variant(ModelDefinition model, string architecture)
    {
        bool hasExperts = model.Architecture.Blocks.Any(block => block.FeedForwards.Any(f => f is MixtureOfExperts));
        bool hasState = model.Architecture.Blocks.Any(block => block.Mixers.Any(mixer => mixer is Mamba2Mixer));
        return (architecture, hasExperts, hasState) switch
        {
            ("nemotron_h", true, _) => "nemotron_h_moe",
            ("granitehybrid", false, false) => "granite",
            ("granitehybrid", true, false) => "granitemoe",
            _ => architecture,
        };
    }

    private void AddShared()
    {
        _fields.Add(("general.architecture", _architecture));
        _fields.Add(("general.name", _model.Id));
        Add("block_count", _model.Architecture.LayerCount);
        Add("context_length",
            Field("max_position_embeddings", "n_ctx", "n_positions", "max_seq_len", "seq_length", "model_max_length") ?? 2048);
        Add("embedding_length", _model.Architecture.HiddenSize);
        Copy("feed_forward_length", "intermediate_size", "n_inner", "ffn_hidden_size");
        Copy("attention.head_count", "num_attention_heads", "n_head", "n_heads", "num_heads");
        Copy("attention.head_count_kv", "num_key_value_heads");
        Copy("expert_count", "num_local_experts", "num_experts", "n_routed_experts");
        Copy("expert_used_count", "num_experts_per_tok", "num_experts_per_token", "top_k_experts");
        Copy("attention.key_length", "head_dim");
        Copy("attention.value_length", "head_dim");
    }

    private void AddOwn()
    {
        Architecture a = _model.Architecture;
        long hidden = a.HiddenSize;
        int layers = a.LayerCount;
        switch (_architecture)
        {
            case "llama4":
                Copy("interleave_moe_layer_step", "interleave_moe_layer_step");
                Copy("expert_feed_forward_length", "intermediate_size");
                Copy("feed_forward_length", "intermediate_size_mlp");
                break;
            case "deci":
                var attentions = Mixers<GroupedQueryAttention>();
                Add("attention.head_count", Each(layer => attentions(layer)?.Heads ?? 0));
                Add("attention.head_count_kv", Each(layer => attentions(layer)?.KeyValueHeads ?? 0));
                Add("feed_forward_length", Each(
                    layer => BlockAt(layer).FeedForwards.OfType<GatedFeedForward>().FirstOrDefault()?.IntermediateSize ?? 0));
                Add("attention.key_length", hidden / Whole("num_attention_heads"));
                break;
            case "gemma2" or "gemma3" or "cohere2" or "gpt-oss" or "exaone4" or "phi3" or "phimoe":
                CopyWindow();
                Copy("expert_feed_forward_length", _architecture == "gpt-oss" ? "intermediate_size" : "");
                break;
            case "olmo2" when a.Family == "olmo3":
                CopyWindow();
                Add("attention.sliding_window_pattern", Slides());
                break;
            case "gemma3n":
                CopyWindow();
                Add("attention.sliding_window_pattern", Slides());
                Add("feed_forward_length",
                    Each(layer => BlockAt(layer).FeedForwards.OfType<GatedFeedForward>().First().IntermediateSize));
                Copy("altup.num_inputs", "altup_num_inputs");
                Copy("embedding_length_per_layer_input", "hidden_size_per_layer_input");
                Copy("attention.shared_kv_layers", "num_kv_shared_layers");
                break;
            case "gemma4":
                CopyWindow();
                Add("attention.sliding_window_pattern", Slides());
                Copy("attention.key_length", "global_head_dim");
                Copy("attention.key_length_swa", "head_dim");
                Copy("embedding_length_per_layer_input", "hidden_size_per_layer_input");
                Copy("attention.shared_kv_layers", "num_kv_shared_layers");
                Copy("expert_feed_forward_length", "moe_intermediate_size");
                break;
            case "phi2" or "gpt2" or "bloom" or "starcoder" or "gptj":
                Add("feed_forward_length", Field(_architecture == "phi2" ? "intermediate_size" : "n_inner") ?? 4 * hidden);
                Add("attention.head_count_kv", Mixers<GroupedQueryAttention>()(0)!.KeyValueHeads);
                break;
            case "falcon":
                Add("feed_forward_length", Field("ffn_hidden_size") ?? 4 * hidden);
                Add("attention.head_count_kv", Field("num_kv_heads", "n_head_kv") ?? 1);
                break;
            case "mpt":
                Add("feed_forward_length", 4 * hidden);
                Add("attention.head_count_kv", null);
                break;
            case "chatglm":
                Copy("feed_forward_length", "ffn_hidden_size", "intermediate_size");
                Add("attention.head_count_kv",
                    Field("multi_query_group_num", "num_key_value_heads") ?? Whole("num_attention_heads"));
                break;
            case "qwen2moe" or "qwen3moe":
                Copy("expert_feed_forward_length", "moe_intermediate_size");
                Copy("expert_shared_feed_forward_length", "shared_expert_intermediate_size");
                break;
            case "granitemoe":
                Copy("expert_shared_feed_forward_length", "shared_intermediate_size");
                break;
            case "deepseek" or "glm4moe" or "dots1" or "bailingmoe" or "bailingmoe2":
                Experts();
                break;
            case "deepseek2" or "deepseek32" or "glm-dsa" or "minicpm3":
                Experts();
                Latent(_architecture != "minicpm3");
                break;
            case "hunyuan-moe":
                Add("expert_shared_feed_forward_length", Whole("intermediate_size"));
                Add("expert_feed_forward_length", First("moe_intermediate_size"));
                Add("expert_used_count", First("moe_topk"));
                Add("expert_shared_count", First("num_shared_expert"));
                break;
            case "ernie4_5-moe":
                Copy("expert_count", "moe_num_experts");
                Copy("expert_used_count", "moe_k");
                Copy("interleave_moe_layer_step", "moe_layer_interval");
                Copy("leading_dense_block_count", "moe_layer_start_index");
                Copy("expert_feed_forward_length", "moe_intermediate_size");
                Copy("expert_shared_count", "moe_num_shared_experts");
                break;
            case "afmoe" or "lfm2moe" or "exaone-moe":
                Copy("expert_feed_forward_length", "moe_intermediate_size");
                Copy("expert_shared_count", "num_shared_experts");
                Copy("leading_dense_block_count", "num_dense_layers", "first_k_dense_replace");
                ShortConvolution();
                break;
            case "lfm2":
                Add("feed_forward_length", BlockAt(0).FeedForwards.OfType<GatedFeedForward>().First().IntermediateSize);
                ShortConvolution();
                break;
            case "minimax-m2":
                Copy("expert_feed_forward_length", "intermediate_size");
                break;
            case "dbrx":
                var dbrx = Moe();
                Add("feed_forward_length", dbrx.ExpertIntermediateSize);
                Add("attention.head_count_kv", Mixers<GroupedQueryAttention>()(0)!.KeyValueHeads);
                Add("expert_count", dbrx.Experts);
                Add("expert_used_count", dbrx.ActiveExperts);
                break;
            case "mimo2":
                CopyWindow();
                Add("attention.sliding_window_pattern",
                    Each(layer => Mixers<GroupedQueryAttention>()(layer) is SlidingWindowAttention ? 1 : 0));
                Add("attention.head_count_kv", Each(layer => Mixers<GroupedQueryAttention>()(layer)!.KeyValueHeads));
                Copy("attention.value_length", "v_head_dim");
                Copy("expert_feed_forward_length", "moe_intermediate_size");
                break;
            case "jais":
                Copy("feed_forward_length", "n_inner");
                break;
            case "t5":
                Copy("feed_forward_length", "d_ff");
                Copy("attention.key_length", "d_kv");
                Add("block_count", Whole("num_layers"));
                Copy("decoder_block_count", "num_decoder_layers");
                Copy("attention.relative_buckets_count", "relative_attention_num_buckets");
                break;
            case "mamba":
                MambaMixer mamba = Mixers<MambaMixer>()(0)!;
                StateSpace(mamba.InnerSize, mamba.StateSize, mamba.ConvolutionKernel, mamba.TimeStepRank, 0);
                Add("feed_forward_length", 0);
                Add("attention.head_count", 0);
                Add("ssm.dt_b_c_rms", a.Family == "falcon_mamba");
                break;
            case "jamba":
                MambaMixer jamba = a.Blocks.SelectMany(b => b.Mixers).OfType<MambaMixer>().First();
                StateSpace(jamba.InnerSize, jamba.StateSize, jamba.ConvolutionKernel, jamba.TimeStepRank, 0);
                Add("attention.head_count_kv", Each(layer => Mixers<GroupedQueryAttention>()(layer)?.KeyValueHeads ?? 0));
                break;
            case "mamba2" or "granitehybrid" or "falcon-h1" or "nemotron_h" or "nemotron_h_moe":
                Mamba2();
                break;
            case "qwen3next" or "qwen35" or "qwen35moe":
                GatedDeltaNet delta = a.Blocks.SelectMany(b => b.Mixers).OfType<GatedDeltaNet>().First();
                StateSpace(delta.ValueSize, delta.KeyHeadDim, delta.ConvolutionKernel, delta.ValueHeads, delta.KeyHeads);
                Copy("expert_feed_forward_length", "moe_intermediate_size");
                Copy("expert_shared_feed_forward_length", "shared_expert_intermediate_size");
                break;
            case "kimi-linear":
                Experts();
                Latent(isCompressed: true);
                Copy("expert_shared_count", "num_shared_experts");
                GatedDeltaNet kimi = a.Blocks.SelectMany(b => b.Mixers).OfType<GatedDeltaNet>().First();
                Add("ssm.conv_kernel", kimi.ConvolutionKernel);
                Add("kda.head_dim", kimi.KeyHeadDim);
                break;
            default:
                break;
        }
    }

    private void CopyWindow() => Add("attention.sliding_window",
        _model.Architecture.Blocks.SelectMany(b => b.Mixers).OfType<SlidingWindowAttention>().FirstOrDefault()?.Window);

    private bool[] Slides() => [.. Enumerable.Range(0, _model.Architecture.LayerCount)
        .Select(layer => Mixers<GroupedQueryAttention>()(layer) is SlidingWindowAttention)];

    private MixtureOfExperts Moe() =>
        _model.Architecture.Blocks.SelectMany(b => b.FeedForwards).OfType<MixtureOfExperts>().First();

    private Block BlockAt(int layer) =>
        _model.Architecture.Blocks.First(block => !block.IsEncoder && block.Layers.Contains(layer));

    private Func<int, T?> Mixers<T>() where T : SequenceMixer => layer => BlockAt(layer).Mixers.OfType<T>().FirstOrDefault();

    private int[] Each(Func<int, long> value) =>
        [.. Enumerable.Range(0, _model.Architecture.LayerCount).Select(layer => (int)value(layer))];

    private void Copy(string key, params string[] fields)
    {
        if (Field(fields) is { } number)
        {
            Add(key, number);
        }
    }

    private void Add(string key, object? value)
    {
        _fields.RemoveAll(field => field.Key == $"{_architecture}.{key}");
        if (value is not null)
        {
            _fields.Add(($"{_architecture}.{key}", value));
        }
    }

    private long Whole(string field) => Field(field) ?? throw new InvalidOperationException($"{_model.Name} has no {field}.");

    private long First(string field) => _model.Config[field]?.List?[0].Integer ?? Whole(field);

    private long? Field(params string[] names) => names
        .Select(name => _model.Config[name] ?? _model.AssumedDefaults.FirstOrDefault(assumed => assumed.Field == name)?.Value)
        .FirstOrDefault(value => value?.Integer is not null)?.Integer;
}
