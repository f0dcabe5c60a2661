namespace LlmMath.Cli.TrainConfig;

/// <summary>Arguments of Transformers' trainer as JSON or YAML, with TRL's and LLaMA-Factory's beside them. Keys and defaults:
/// huggingface/transformers@00349ae87, src/transformers/training_args.py; hiyouga/LLaMA-Factory@ff6d4d12e,
/// src/llamafactory/hparams/{model,data,finetuning,training}_args.py; huggingface/trl@a4458afb5, trl/trainer/sft_config.py,
/// max_length, max_seq_length before.</summary>
internal static class TransformersKeys
{
    private const string Idle = """
        output_dir overwrite_output_dir num_train_epochs learning_rate lr_scheduler_* warmup_* optim_args weight_decay adam_*
        max_grad_norm average_tokens_across_devices label_smoothing_factor bf16_full_eval fp16_full_eval tf32
        gradient_checkpointing_kwargs neftune_noise_alpha torch_empty_cache_steps logging_* log_* include_* disable_tqdm report_to
        run_name project trackio_* eval_* evaluation_strategy per_device_eval_batch_size per_gpu_* prediction_loss_only
        batch_eval_metrics save_* enable_jit_checkpoint push_to_hub* hub_* load_best_model_at_end metric_for_best_model
        greater_is_better ignore_data_skip restore_callback_states_from_checkpoint full_determinism seed data_seed use_cpu no_cuda
        accelerator_config dataloader_* remove_unused_columns label_names train_sampling_strategy length_column_name
        group_by_length ddp_* debug skip_memory_metrics do_train do_eval do_predict resume_from_checkpoint local_rank _n_gpu
        past_index jit_mode_eval half_precision_backend fp16_backend fp16_opt_level mp_parameters tpu_* fsdp_min_num_params
        fsdp_transformer_layer_cls_to_wrap ray_* use_legacy_prediction_loop optim_target_modules liger_kernel_config use_cache
        model_name trust_remote_code template dataset dataset_* eval_dataset media_dir preprocessing_* max_samples
        overwrite_cache mix_strategy interleave_probs buffer_size streaming val_size packing neat_packing mask_history
        train_on_prompt ignore_pad_token_for_loss tool_format default_system enable_thinking preserve_thinking tokenized_path
        data_shared_file_system plot_loss compute_accuracy disable_shuffling early_stopping_steps lora_alpha lora_dropout
        loraplus_* use_rslora pissa_* create_new_adapter adapter_name_or_path adapter_folder cache_dir use_fast_tokenizer
        split_special_tokens add_tokens add_special_tokens init_special_tokens model_revision low_cpu_mem_usage infer_* export_*
        vllm_* sglang_* hf_hub_token ms_hub_token om_hub_token print_param_status image_* video_* audio_* pref_beta
        pref_ftx dpo_label_smoothing simpo_gamma kto_* use_swanlab swanlab_* freeze_vision_tower freeze_multi_modal_projector
        double_quantization quantization_type quantization_method use_reentrant_gc flash_attn_config dataset_text_field
        max_prompt_length beta loss_type generate_during_eval
        """;

    /// <summary>Reads a file.</summary>
    public static void Read(ConfigReading r)
    {
        r.Model = r.Word("model_name_or_path");
        r.Say("--trainer", "hf-peft", "the file is of Transformers' trainer");
        if (r.Word("finetuning_type") is { } type)
        {
            Method(r, type.ToLowerInvariant());
            r.SayCount("--seq", "cutoff_len", "2048");
        }

        Count(r, "--seq", "max_length");
        Count(r, "--seq", "max_seq_length");
        r.SayCount("--micro-batch", "per_device_train_batch_size", "8");
        r.Accumulation = r.Count("gradient_accumulation_steps") ?? 1;
        r.Steps = r.Value("max_steps") is { Items: [['-', ..]] } ? null : r.Count("max_steps");
        if (r.Value("optim") is null)
        {
            r.Unsaid("--optimizer", "adamw", "optim");
        }

        r.SayByTable("--optimizer", "optim", ConfigTables.Optimizers);
        Kernels(r);
        if (r.Word("deepspeed") is { } file)
        {
            r.Beside.Add((file, "deepspeed"));
        }

        DeepSpeedKeys.ReadInside(r, "deepspeed.");
        FsdpKeys.Read(r, "fsdp", "fsdp_config.");
        r.Finish(Idle);
    }

    private static void Kernels(ConfigReading r)
    {
        bool isFactory = r.Tree.Has("finetuning_type");
        r.Say("--recompute", isFactory ? r.IsOn("disable_gradient_checkpointing") ? "none" : "full"
            : r.IsOn("gradient_checkpointing") ? "full" : "none",
            isFactory ? "disable_gradient_checkpointing" : "gradient_checkpointing");
        r.Say("--loss", r.IsOn("use_liger_kernel") || r.IsOn("enable_liger_kernel") ? "fused" : "plain",
            isFactory ? "enable_liger_kernel" : "use_liger_kernel");
        r.SayByTable("--attention", "flash_attn", ConfigTables.Attention);
        r.SayByTable("--attention", "attn_implementation", ConfigTables.Attention);
        bool isHalf = r.IsOn("bf16") | r.IsOn("fp16");
        r.Say("--precision", r.IsOn("pure_bf16") ? "pure-bf16" : r.IsOn("fp8") ? "fp8" : isHalf ? "bf16" : "fp32",
            r.IsOn("pure_bf16") ? "pure_bf16" : "bf16, fp16");
    }

    // LLaMA-Factory's stages and kinds of fine-tuning.
    private static void Method(ConfigReading r, string type)
    {
        if (type is not ("lora" or "full"))
        {
            throw r.Wrong("finetuning_type", "lora or full", r.Value("finetuning_type")!);
        }

        string stage = r.Word("stage")?.ToLowerInvariant() ?? "sft", loss = r.Word("pref_loss")?.ToLowerInvariant() ?? "sigmoid";
        long bits = r.Count("quantization_bit") ?? 16;
        bool isDora = r.IsOn("use_dora");
        string plain = type == "full" ? stage == "pt" && r.IsOn("train_from_scratch") ? "pretrain" : "full"
            : isDora ? "dora" : bits == 4 ? "qlora" : "lora";
        r.Say("--method", stage switch
        {
            "pt" or "sft" => plain,
            "rm" => "reward",
            "dpo" => loss is "orpo" or "simpo" ? loss : loss == "kto_pair" ? "kto" : "dpo",
            "ppo" or "kto" => stage,
            _ => throw r.Wrong("stage", "pt, sft, rm, ppo, dpo or kto", r.Value("stage")!),
        }, "stage, finetuning_type");
        if (type == "lora")
        {
            r.SayCount("--rank", "lora_rank", "8");
            string[] targets = (r.Word("lora_target") ?? "all").Split(',', StringSplitOptions.TrimEntries);
            r.Say("--target-modules", targets is ["all"] ? "all-linear" : string.Join(',', targets), "lora_target");
            if (r.Word("additional_target") is { } more)
            {
                r.Say("--modules-to-save", more, "additional_target");
            }

            r.Say("--weights", bits switch
            {
                4 => "nf4",
                8 => "int8",
                16 => "bf16",
                _ => throw r.Wrong("quantization_bit", "4 or 8", r.Value("quantization_bit")!),
            }, "quantization_bit");
        }
    }

    private static void Count(ConfigReading r, string option, string path)
    {
        if (r.Value(path) is not null)
        {
            r.SayCount(option, path);
        }
    }
}
