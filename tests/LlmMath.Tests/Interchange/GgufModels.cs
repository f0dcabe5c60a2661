using System.Text;
using LlmMath.Models.Families;

namespace LlmMath.Tests.Interchange;

/// <summary>Models that convert to GGUF: the catalog's, and one by the reference's defaults of each family that the catalog
/// lacks.</summary>
internal static class GgufModels
{
    private static readonly string[] s_variants =
    [
        """{"model_type":"glm4_moe","num_attention_heads":32}""",
        """{"model_type":"glm4_moe","num_attention_heads":32,"use_qk_norm":true,"attention_bias":true}""",
        """
        {"model_type":"kimi_linear","hidden_size":2304,"num_hidden_layers":27,"num_attention_heads":32,"kv_lora_rank":512,"qk_nope_head_dim":128,
         "qk_rope_head_dim":64,"v_head_dim":128,"num_experts":256,"num_experts_per_token":8,"moe_intermediate_size":1024,"num_shared_experts":1,
         "first_k_dense_replace":1,"linear_attn_config":{"kda_layers":[1,2,3,5,6,7,9,10,11,13,14,15,17,18,19,21,22,23,25,26],"num_heads":32,
         "head_dim":128,"short_conv_kernel_size":4}}
        """,
        """{"model_type":"jais","position_embedding_type":"alibi","activation_function":"swiglu"}""",
        """{"model_type":"cohere","use_qk_norm":true}""",
        """{"model_type":"stablelm","qk_layernorm":true,"use_qkv_bias":true}""",
        """{"model_type":"falcon_h1","mamba_rms_norm":true}""",
        """{"model_type":"t5","feed_forward_proj":"relu"}""",
        """{"model_type":"granitemoeshared","shared_intermediate_size":1024}""",
        """{"model_type":"seed_oss","attention_out_bias":true}""",
        """{"model_type":"llama","attention_bias":true,"mlp_bias":true}""",
        """{"model_type":"llama","num_key_value_heads":8,"head_dim":96,"tie_word_embeddings":true}""",
        """{"model_type":"gemma4_text","num_kv_shared_layers":0,"hidden_size_per_layer_input":0}""",
    ];

    // The test's own table of names lacks their mixtures and convolutions.
    private static readonly string[] s_beyondTheTable =
    [
        "nvidia-nemotron-3-nano-30b-a3b-bf16", "nvidia-nemotron-3.5-lightning-30b-a3b-bf16",
        "nvidia-nemotron-3-super-120b-a12b-fp8", "lfm2-1.2b",
    ];

    public static IReadOnlyList<ModelDefinition> All { get; } = [.. Definitions()];

    /// <summary>A model of two layers or so of each family whose config takes the common fields.</summary>
    public static IReadOnlyList<ModelDefinition> Small { get; } = [.. SmallDefinitions()];

    public static ModelDefinition Read(string config, string name = "config.json") =>
        HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(config)), name);

    private static IEnumerable<ModelDefinition> Definitions()
    {
        ModelDefinition[] catalog =
            [.. ModelCatalog.All.Where(model => GgufMetadata.ArchitectureOf(model.Architecture.Family) is not null
            && !Wrapper.Known.Contains(model.Config["model_type"]!.Text) && !s_beyondTheTable.Contains(model.Name))];
        var families = new HashSet<string>(catalog.Select(model => model.Architecture.Family));
        IEnumerable<string> others =
            ModelFamily.Known.Where(family => !families.Contains(family) && GgufMetadata.ArchitectureOf(family) is not null);
        foreach (ModelDefinition model in catalog)
        {
            yield return model;
        }

        foreach (string config in others.Except(["glm4_moe", "kimi_linear"]).Select(family => $$"""{"model_type":"{{family}}"}""")
            .Concat(s_variants))
        {
            yield return Read(config, config);
        }
    }

    private static IEnumerable<ModelDefinition> SmallDefinitions()
    {
        foreach (string family in ModelFamily.Known.Where(family => GgufMetadata.ArchitectureOf(family) is not null))
        {
            string config = $$"""
                {"model_type":"{{family}}","hidden_size":64,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":16,"num_hidden_layers":2,"vocab_size":500,
                 "intermediate_size":96,"num_experts":8,"num_local_experts":8,"n_routed_experts":8,"num_experts_per_tok":2,"moe_intermediate_size":32,
                 "first_k_dense_replace":1,"sliding_window":16,"kv_channels":16,"num_heads":8,"mamba_n_heads":8,"mamba_num_heads":8,"kv_lora_rank":24,
                 "qk_nope_head_dim":12,"qk_rope_head_dim":8,"v_head_dim":16,"max_position_embeddings":128,"n_positions":128,"linear_attn_config":
                 {"kda_layers":[1],"num_heads":4,"head_dim":16,"short_conv_kernel_size":4},"num_experts_per_token":2,"shared_expert_intermediate_size":48,
                 "hybrid_override_pattern":"M*-E","layer_types":null,"multi_query_group_num":2,"mamba_d_ssm":128}
                """;
            ModelDefinition? model = null;
            try
            {
                model = Read(config, "small " + family);
                _ = GgufConversion.Convert(model);
            }
            catch (Exception error) when (error is DefinitionException or InvalidOperationException)
            {
                // A family that wants other fields; the models by its defaults stand for it.
                continue;
            }

            yield return model;
        }
    }
}
