namespace LlmMath.Cli.TrainConfig;

/// <summary>An axolotl YAML. Keys and defaults: axolotl-ai-cloud/axolotl@067b021c8, src/axolotl/utils/schemas/config.py, peft.py,
/// training.py, model.py, fsdp.py, enums.py and deprecated.py; src/axolotl/integrations/{liger,cut_cross_entropy}/args.py.
/// </summary>
internal static class AxolotlKeys
{
    // What changes neither a size nor a time that is reckoned: data, logs, learning rates, checkpoints.
    private const string Idle = """
        base_model_config cls_model_config tokenizer_* processor_* trust_remote_code type_of_model model_type is_* strict
        hub_* output_dir save_* saves_per_epoch resume_from_checkpoint auto_resume_from_checkpoints special_tokens tokens
        added_tokens_overrides chat_template* default_system_message eot_tokens datasets test_datasets pretraining_dataset
        dataset_* shuffle_* skip_prepare_dataset push_dataset_to_hub hf_use_auth_token dataloader_* accelerator_config
        remove_unused_columns device seed local_rank ddp ddp_timeout ddp_find_unused_parameters ddp_broadcast_buffers
        eval_* evals_per_epoch evaluation_strategy do_* bench_* val_set_size metric_for_best_model greater_is_better
        loss_watchdog_* gc_* torch_empty_cache_steps tf32 min_sample_len max_prompt_len sample_packing* eval_sample_packing
        pad_to_sequence_len pad_to_multiple_of curriculum_sampling multipack_real_batches batch_flattening pretrain_multipack_*
        pretraining_sample_concatenation streaming* excess_length_strategy heads_k_stride ring_attn_func warmup_* logging_steps
        early_stopping_patience load_best_model_at_end use_tensorboard profiler_* include_* neftune_noise_alpha orpo_alpha
        simpo_gamma cpo_alpha kto_* rl_beta dpo_beta dpo_label_smoothing dpo_loss_* dpo_use_weighting wandb_* use_wandb mlflow_*
        use_mlflow hf_mlflow_log_artifacts comet_* use_comet gradio_* use_ray ray_* use_otel_metrics otel_* use_trackio trackio_*
        swanlab_* use_swanlab lora_alpha lora_alpha_pattern lora_dropout lora_model_dir lora_fan_in_fan_out peft_use_rslora
        peft_init_lora_weights loraplus_* merge_* train_on_inputs group_by_length learning_rate embedding_lr* weight_decay
        optim_args lr_* cosine_* adam_* max_grad_norm num_epochs plugins gradient_checkpointing_kwargs fsdp_version
        fsdp_final_state_dict_type total_* axolotl_config_path low_cpu_mem_usage experimental_skip_move_to_device
        generate_samples num_generation_samples generation_* flash_attn_fuse_mlp fp32_norm_classes save_first_step
        fsdp_config.sync_module_states fsdp_config.cpu_ram_efficient_loading fsdp_config.use_orig_params
        fsdp_config.state_dict_type fsdp_config.final_state_dict_type fsdp_config.auto_wrap_policy fsdp_config.fsdp_version
        fsdp_config.transformer_layer_cls_to_wrap fsdp_config.min_num_params fsdp_config.cpu_offload_pin_memory
        fsdp_config.fsdp_limit_all_gathers fsdp_config.fsdp_sync_module_states fsdp_config.fsdp_use_orig_params
        fsdp_config.fsdp_cpu_ram_efficient_loading fsdp_config.fsdp_auto_wrap_policy fsdp_config.fsdp_state_dict_type
        fsdp_config.fsdp_transformer_layer_cls_to_wrap fsdp_config.fsdp_backward_prefetch fsdp_config.fsdp_forward_prefetch
        """;

    /// <summary>Reads a file.</summary>
    public static void Read(ConfigReading r)
    {
        r.Model = r.Word("base_model");
        r.Say("--trainer", "hf-peft", "axolotl runs on Transformers and PEFT");
        Adapter(r);
        Batches(r);
        Memory(r);
        Shards(r);
        r.Finish(Idle);
    }

    private static void Adapter(ConfigReading r)
    {
        string? adapter = r.Word("adapter")?.ToLowerInvariant(), method = r.Word("rl")?.ToLowerInvariant();
        if (adapter is not (null or "lora" or "qlora"))
        {
            throw r.Wrong("adapter", "lora or qlora", r.Value("adapter")!);
        }

        bool isQuantized = r.IsOn("load_in_4bit") || adapter == "qlora", isDora = r.IsOn("peft_use_dora");
        string plain = adapter is null ? r.Tree.Has("pretraining_dataset") ? "pretrain" : "full"
            : isDora ? "dora" : isQuantized ? "qlora" : "lora";
        r.Say("--method", r.IsOn("reward_model") ? "reward" : method ?? plain,
            method is null ? "adapter" : "rl");
        if (adapter is null)
        {
            return;
        }

        r.SayCount("--rank", "lora_r");
        if (r.IsOn("lora_target_linear"))
        {
            r.Say("--target-modules", "all-linear", "lora_target_linear");
        }
        else
        {
            r.SayNames("--target-modules", "lora_target_modules");
        }

        r.SayNames("--modules-to-save", "lora_modules_to_save");
        r.SayNames("--target-parameters", "lora_target_parameters");
        r.Say("--weights", isQuantized ? "nf4" : r.IsOn("load_in_8bit") ? "int8" : "bf16", "load_in_4bit, load_in_8bit");
    }

    private static void Batches(ConfigReading r)
    {
        r.SayCount("--seq", "sequence_len", "512");
        r.SayCount("--micro-batch", "micro_batch_size", "1");
        r.SayCount("--global-batch", "batch_size");
        r.Accumulation = r.Count("gradient_accumulation_steps") ?? 1;
        r.Steps = r.Count("max_steps");
        r.SayCount("--group", "trl.num_generations");
        r.SayCount("--completion", "trl.max_completion_length");
        r.SayCount("--gpus", "world_size");
        r.SayCount("--tp", "tensor_parallel_size");
        r.SayCount("--cp", "context_parallel_size");
        r.SayCount("--cp", "sequence_parallel_degree");
    }

    private static void Memory(ConfigReading r)
    {
        if (r.Value("optimizer") is null)
        {
            r.Unsaid("--optimizer", "adamw", "optimizer");
        }

        r.SayByTable("--optimizer", "optimizer", ConfigTables.Optimizers);
        bool offloads = r.Value("gradient_checkpointing") is { Items: ["offload"] };
        r.Say("--recompute", offloads || r.IsOn("gradient_checkpointing") || r.IsOn("fsdp_config.activation_checkpointing")
            ? "full" : "none", "gradient_checkpointing");
        if (offloads || r.IsOn("activation_offloading"))
        {
            r.Say("--offload", "activations", offloads ? "gradient_checkpointing" : "activation_offloading");
        }

        r.SayByTable("--attention", "attn_implementation", ConfigTables.Attention);
        foreach (string kernel in (string[])["flash_attention", "sdp_attention", "flex_attention", "xformers_attention",
            "sage_attention", "eager_attention"])
        {
            if (r.IsOn(kernel))
            {
                r.Say("--attention", kernel == "eager_attention" ? "eager" : "flash", kernel);
            }
        }

        string loss = r.IsOn("liger_fused_linear_cross_entropy") || r.IsOn("cut_cross_entropy") ? "fused"
            : r.IsOn("chunked_cross_entropy") ? "chunked" : "plain";
        r.Say("--loss", loss, "liger_fused_linear_cross_entropy, cut_cross_entropy, chunked_cross_entropy");
        Precision(r);
    }

    // Weights are loaded in the format of the run: without an adapter, gradients and moments are in it too.
    private static void Precision(ConfigReading r)
    {
        bool isFull = r.Word("adapter") is null;
        bool half = r.Value("bf16") is { IsAuto: true } or null || r.IsOn("bf16") || r.IsOn("bfloat16") || r.IsOn("float16");
        if (r.IsOn("fp8"))
        {
            r.Say("--precision", "fp8", "fp8");
        }
        else if (r.IsOn("fp16"))
        {
            r.Say("--precision", isFull ? "autocast" : "fp16", "fp16");
        }
        else if (half && !r.IsOn("float32"))
        {
            r.Say("--precision", isFull ? "pure-bf16" : "bf16", "bf16");
        }
        else
        {
            r.Say("--precision", "fp32", "bf16");
        }
    }

    private static void Shards(ConfigReading r)
    {
        if (r.Word("deepspeed") is { } file)
        {
            r.Beside.Add((file, "deepspeed"));
        }

        DeepSpeedKeys.ReadInside(r, "deepspeed.");
        FsdpKeys.Read(r, "fsdp", "fsdp_config.");
    }
}
