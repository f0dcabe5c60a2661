using System.Text;
using LlmMath.Models.Families;

namespace LlmMath.Tests.Models;

/// <summary>The models over which a property of every tensor is held: the catalog's, each family's defaults, and odd ones that
/// switch on what neither does.</summary>
public static class DescribedModels
{
    private static readonly string[] s_odd =
    [
        """{"model_type":"deepseek","n_routed_experts":8,"num_experts_per_tok":2,"n_shared_experts":2}""",
        """
        {"model_type":"falcon","new_decoder_architecture":true,"hidden_size":512,"num_attention_heads":8,"num_kv_heads":2}
        """,
        """{"model_type":"gpt2","add_cross_attention":true}""",
        """{"model_type":"jais","activation_function":"swiglu"}""",
        """{"model_type":"glm4_moe","head_dim":128,"mlp_layer_types":null,"attention_bias":true}""",
        """{"model_type":"granitemoehybrid","num_local_experts":0}""",
        """
        {"model_type":"hunyuan_v1_moe","use_cla":true,"cla_share_factor":2,"num_experts":4,"moe_topk":2,"num_shared_expert":2}
        """,
        """{"model_type":"minimax","shared_intermediate_size":96,"head_dim":64}""",
        """{"model_type":"zamba2","use_shared_attention_adapter":false,"num_mem_blocks":2}""",
        """
        {"model_type":"gemma4_text","attention_k_eq_v":true,"num_global_key_value_heads":1,"num_kv_shared_layers":10,
         "use_double_wide_mlp":true,"enable_moe_block":true,"num_experts":8,"top_k_experts":2,"moe_intermediate_size":64}
        """,
        """
        {"model_type":"kimi_linear","kv_lora_rank":64,"qk_nope_head_dim":32,"qk_rope_head_dim":16,"v_head_dim":32,
         "num_hidden_layers":8,"num_experts":8,"num_experts_per_token":2,"moe_intermediate_size":48,
         "num_shared_experts":1,"first_k_dense_replace":1,
         "linear_attn_config":{"kda_layers":[1,2,3,5,6,7],"num_heads":8,"head_dim":16,"short_conv_kernel_size":4}}
        """,
        """
        {"model_type":"nemotron_h","hybrid_override_pattern":"M*-E","moe_latent_size":64,"n_routed_experts":4}
        """,
        """
        {"model_type":"nemotron-nas","num_hidden_layers":3,"block_configs":[
         {"attention":{"n_heads_in_group":8},"ffn":{"ffn_mult":2.5}},
         {"attention":{"no_op":true},"ffn":{"replace_with_linear":true}},
         {"attention":{"replace_with_linear":true},"ffn":{"no_op":true}}]}
        """,
        """{"model_type":"zamba2","use_shared_attention_adapter":true,"num_mem_blocks":2}""",
        """{"model_type":"opt","hidden_size":1024,"num_attention_heads":16,"word_embed_proj_dim":512}""",
        """{"model_type":"cohere2_moe","first_k_dense_replace":1,"num_shared_experts":2}""",
        """
        {"model_type":"grove_moe","vocab_size":1000,"hidden_size":64,"intermediate_size":96,"num_hidden_layers":2,
         "num_attention_heads":4,"num_key_value_heads":2,"num_experts":8,"num_experts_per_tok":2,"moe_intermediate_size":48}
        """,
        """
        {"model_type":"openelm","vocab_size":1000,"model_dim":64,"head_dim":16,"num_transformer_layers":2,"num_query_heads":[4,8],
         "num_kv_heads":[2,2],"ffn_multipliers":[0.5,4.0],"ffn_dim_divisor":16,"ffn_with_glu":false,
         "share_input_output_layers":false}
        """,
        """{"model_type":"doge","is_moe":true}""",
        """
        {"model_type":"arctic","vocab_size":1000,"hidden_size":64,"intermediate_size":96,"num_hidden_layers":4,
         "num_attention_heads":4,"num_key_value_heads":2,"num_local_experts":8,"num_experts_per_tok":2,
         "moe_layer_frequency":2,"use_residual":true}
        """,
        """{"model_type":"xlstm","weight_mode":"fused","use_bias":true}""",
        """{"model_type":"hyperclovax","use_post_norm":true}""",
        """
        {"model_type":"zaya","hidden_size":256,"head_dim":32,"num_hidden_layers":2,"sliding_window":64,
         "layer_types":["hybrid","hybrid_sliding"],"attention_bias":true,"lm_head_bias":true}
        """,
        """{"model_type":"granite_swa","mlp_bias":true,"attention_bias":true}""",
        """{"model_type":"ernie4_5_moe","num_nextn_predict_layers":1}""",
        """{"model_type":"exaone_moe","num_nextn_predict_layers":1}""",
        """{"model_type":"bailing_moe_v2","num_nextn_predict_layers":1}""",
        """{"model_type":"mimo","num_nextn_predict_layers":1}""",
        """{"model_type":"nemotron_h","num_nextn_predict_layers":2}""",
    ];

    public static TheoryData<string> Families() => [.. ModelFamily.Known];

    /// <summary>What neither the catalog nor the defaults switch on.</summary>
    public static TheoryData<string> Odd() => [.. s_odd];

    /// <summary>Every one of them.</summary>
    public static IEnumerable<Architecture> All() =>
    [
        .. ModelCatalog.Entries.Names.Select(name => ModelCatalog.Find(name).Architecture),
        .. ModelFamily.Known.Select(Defaults).OfType<Architecture>(),
        .. s_odd.Select(Read),
    ];

    /// <summary>Every tensor of a model, additions among them.</summary>
    public static IEnumerable<Tensor> Tensors(Architecture a) =>
    [
        .. a.Inputs,
        .. a.Blocks.SelectMany(block => block.Tensors),
        .. a.Outputs,
        .. a.Additions.SelectMany(addition => addition.Tensors),
    ];

    /// <summary>Whether it has two dimensions or more; biases, sinks, decays and gates of one output are vectors.</summary>
    public static bool IsMatrix(Tensor tensor) => !tensor.IsLinearBias
        && Enumerable.Range(0, tensor.Shape.Rank).Count(axis => tensor.Shape[axis] > 1) > 1;

    /// <summary>The reference's defaults; null where a field has none: models of the catalog or the odd ones stand for the
    /// family. A wrapper's decoder takes its defaults too.</summary>
    public static Architecture? Defaults(string family) =>
        Try($$"""{"model_type":"{{family}}"}""") ?? Try($$"""{"model_type":"{{family}}","text_config":{ } }""");

    public static Architecture Read(string config) =>
        HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(config))).Architecture;

    private static Architecture? Try(string config)
    {
        try
        {
            return Read(config);
        }
        catch (DefinitionException)
        {
            return null;
        }
    }
}
