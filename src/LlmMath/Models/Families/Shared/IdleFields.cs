using LlmMath.Interchange;

namespace LlmMath.Models.Families;

/// <summary>
/// Fields of a config.json that change no tensor and nothing cached in any family that does not read them, by the reason. What
/// changes nothing in one family alone stands beside it (<see cref="ConfigReader.Idle"/>, <see cref="ConfigReader.Fixed"/>).
/// Source: huggingface/transformers, src/transformers/configuration_utils.py and generation/configuration_utils.py, commit
/// 008e57439125, for what every config may have; the others as the families' references use them, named in their files.
/// </summary>
internal static class IdleFields
{
    private static readonly HashSet<string> s_names = new(
    [
        // Who the model is, and which code runs it.
        "_commit_hash", "_name_or_path", "architectures", "auto_map", "bos_token", "chat_template", "custom_pipelines",
        "eos_token", "finetuning_task", "id2label", "is_llama_config", "label2id", "license", "name_or_path", "num_labels",
        "pad_token", "prefix", "problem_type", "return_dict", "task_specific_params", "tokenizer_class", "torchscript",
        "transformers.js_config", "transformers_version", "unsloth_fixed", "unsloth_version",

        // Numbers' formats: how a count is stored, not what is counted. Weights' are read for their bytes.
        "attention_softmax_in_fp32", "bf16", "compression_config", "dtype", "expert_dtype", "fp16", "fp32",
        "fp32_residual_connection", "hf_quant_config", "mamba_ssm_cache_dtype", "mamba_ssm_dtype", "moe_router_dtype",
        "quantization",
        "quantization_config", "residual_in_fp32", "router_dtype", "torch_dtype", "use_bfloat16",

        // How a program runs it.
        "_attn_implementation", "_experts_implementation", "_flash_attn_2_enabled", "_moe_implementation", "attn_impl",
        "attn_implementation", "bias_dropout_fusion", "cache_implementation", "chunk_size", "chunk_size_feed_forward",
        "context_window_size", "ep_size", "flash_attn", "init_device", "is_decoder", "is_encoder_decoder",
        "keys_to_ignore_at_inference", "mamba_chunk_size", "moe_shared_expert_overlap", "num_logits_to_keep",
        "output_attentions", "output_hidden_states", "output_router_logits", "prefill_chunk_size", "pretraining_tp",
        "runner_max_sequence_length", "softmax_in_fp32", "tf_legacy_loss", "use_cache", "use_cache_kernel", "use_flash_attn",
        "use_flash_attn_2", "use_kernels", "use_mamba_kernels",

        // What it writes: generation's own settings.
        "bad_words_ids", "begin_suppress_tokens", "diversity_penalty", "do_sample", "early_stopping",
        "encoder_no_repeat_ngram_size", "exponential_decay_length_penalty", "length_penalty", "max_length", "max_new_tokens",
        "min_length", "min_new_tokens", "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_return_sequences",
        "output_scores", "remove_invalid_values", "repetition_penalty", "return_dict_in_generate", "suppress_tokens",
        "temperature", "top_k", "top_p", "typical_p", "use_dynamic_ntk", "use_logn_attn",

        // How it was trained.
        "aux_loss_alpha", "gradient_checkpointing", "ignore_index", "init_config", "init_method", "initializer_factor",
        "initializer_range", "input_jitter_noise", "load_balance_coeff", "recompute", "rescale_prenorm_residual",
        "router_bias_update_speed", "router_jitter_noise", "seq_aux", "z_loss_weight",

        // Functions and factors without parameters.
        "activation", "activation_function", "activation_situ_beta", "activation_situ_linear_beta",
        "apply_query_key_layer_scaling", "attention_multiplier", "attention_value_scale", "attn_logit_softcapping", "clip_qkv",
        "dim_model_base", "embedding_multiplier", "final_logit_softcapping", "gate_lower_bound", "hc_sinkhorn_iters",
        "hidden_act", "hidden_activation", "logit_scale", "logits_scaling", "mamba_hidden_act", "mlp_hidden_act",
        "query_pre_attn_scalar", "residual_multiplier", "scale_attn_weights", "scale_depth", "scale_emb", "swiglu_alpha",
        "swiglu_limit", "time_step_floor", "time_step_limit", "time_step_max", "time_step_min", "use_gemma_norm",

        // A classifier's, which no decoder has.
        "summary_activation", "summary_proj_to_labels", "summary_type", "summary_use_proj",

        // Positions that are computed, not learned, and the length that they reach.
        "compress_rope_theta", "initial_context_length", "interpolate_factor", "max_position_embeddings", "max_sequence_length",
        "max_window_layers", "model_max_length", "n_ctx", "original_max_position_embeddings", "original_rope",
        "partial_rotary_factor", "rope_interleave", "rope_interleaved", "rope_parameters", "rope_pct", "rope_ratio",
        "rope_scaling", "rope_theta", "rope_type", "rotary", "rotary_base", "rotary_dim", "rotary_emb_base", "rotary_pct",
        "seq_length", "sequence_length", "swa_rope_theta", "use_mrope", "use_rope",

        // Which of the experts a token goes to, not how many there are or are used.
        "expert_selection_fn", "moe_renormalize", "moe_router_activation_func", "moe_router_use_sigmoid", "n_group",
        "norm_after_topk", "norm_topk_prob", "num_expert_group", "route_norm", "route_scale", "routed_scaling_factor",
        "router_scaling_factor", "router_score_func", "scoring_func", "topk_group", "use_grouped_topk",

        // Where images, video and sound stand in a prompt: their towers are named, not counted.
        "candidate_resolutions", "freeze_mm_mlp_adapter", "global_view_pos", "img_token_compression_config",
        "language_model_only", "media_placeholder_token_id", "multimodal_projector_bias",
        "process_image_mode", "processor_config", "tile_tag",
        "tokenizer_model_max_length", "tokenizer_padding_side", "tune_mm_mlp_adapter", "use_mm_proj",
        "use_unified_vision_chunk",
    ], StringComparer.Ordinal);

    // What ends so is a constant of training, a small constant in a norm, or the number of a token.
    private static readonly string[] s_endings =
    [
        "_dropout", "_dropout_prob", "_dropout_rate", "_eps", "_epsilon", "_init", "_init_std", "_layerdrop", "_loss_coef",
        "_pdrop", "_token_id", "_token_ids", "_token_index",
    ];

    // What begins so belongs to a tower, which is named and not counted; or is a program's own, or somebody's remark.
    private static readonly string[] s_beginnings =
        ["audio_", "image_", "mm_", "projector_", "video_", "vision_", "_"];

    // Parts that every config may have, and that one which says false has not.
    private static readonly string[] s_switches = ["add_cross_attention", "tie_encoder_decoder", "use_sliding_window"];

    /// <summary>Whether a field changes no tensor.</summary>
    public static bool Has(ConfigField field) =>
        Has(field.Name)
        || (field.Value.Flag == false && s_switches.Contains(field.Name))
        || (field is { Name: "layer_types", Value.List: { } types } && types.All(type => type.Text == "full_attention"));

    /// <summary>Whether a field of this name changes no tensor.</summary>
    private static bool Has(string name) => s_names.Contains(name)
        || s_endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))
        || s_beginnings.Any(start => name.StartsWith(start, StringComparison.Ordinal))
        || name is "dropout" or "eps";
}
