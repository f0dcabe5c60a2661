namespace LlmMath.Cli.TrainConfig;

/// <summary>A DeepSpeed JSON. Keys and defaults: deepspeedai/DeepSpeed@edaa72212, deepspeed/runtime/config.py, constants.py,
/// zero/config.py, zero/offload_config.py, activation_checkpointing/config.py.</summary>
internal static class DeepSpeedKeys
{
    private const string Idle = """
        steps_per_print wall_clock_breakdown memory_breakdown dump_state gradient_clipping prescale_gradients
        gradient_predivide_factor gradient_allreduce_op scheduler flops_profiler tensorboard wandb comet csv_monitor comms_logger
        zero_allow_untested_optimizer zero_force_ds_cpu_optimizer disable_allgather checkpoint dataloader_drop_last log_level
        optimizer.params optimizer.torch_adam optimizer.legacy_fusion nebula communication_data_type monitor_config aio elasticity
        fp16.loss_scale fp16.loss_scale_window fp16.initial_scale_power fp16.hysteresis fp16.min_loss_scale fp16.auto_cast
        fp16.consecutive_hysteresis bf16.check_overflow autotuning.*
        zero_optimization.contiguous_gradients zero_optimization.reduce_scatter zero_optimization.reduce_bucket_size
        zero_optimization.allgather_partitions zero_optimization.allgather_bucket_size zero_optimization.overlap_comm
        zero_optimization.sub_group_size zero_optimization.load_from_fp32_weights zero_optimization.round_robin_gradients
        zero_optimization.ignore_unused_parameters zero_optimization.stage3_* zero_optimization.gather_16bit_weights_on_model_save
        zero_optimization.max_live_parameters zero_optimization.max_reuse_distance zero_optimization.prefetch_bucket_size
        zero_optimization.param_persistence_threshold zero_optimization.use_multi_rank_bucket_allreduce
        zero_optimization.offload_optimizer.pin_memory zero_optimization.offload_optimizer.buffer_count
        zero_optimization.offload_optimizer.fast_init zero_optimization.offload_optimizer.pipeline_read
        zero_optimization.offload_optimizer.pipeline_write zero_optimization.offload_optimizer.nvme_path
        zero_optimization.offload_param.pin_memory zero_optimization.offload_param.buffer_count
        zero_optimization.offload_param.buffer_size zero_optimization.offload_param.max_in_cpu
        zero_optimization.offload_param.nvme_path activation_checkpointing.*
        """;

    private const string Zero = "zero_optimization.";

    /// <summary>Reads a file.</summary>
    public static void Read(ConfigReading r)
    {
        r.Unsaid("--trainer", "hf-peft", "the program that DeepSpeed trains for");
        ReadInside(r, "");
        r.Finish(Idle + Inside(r, ".params"));
    }

    /// <summary>Reads what stands below a key of another program's file.</summary>
    public static void ReadInside(ConfigReading r, string prefix)
    {
        if (!r.Tree.Paths.Any(path => path.StartsWith(prefix, StringComparison.Ordinal)) || prefix.Length > 0
            && !r.Tree.Paths.Any(path => path.StartsWith(prefix + Zero, StringComparison.Ordinal)))
        {
            return;
        }

        Shards(r, prefix);
        r.SayCount("--micro-batch", prefix + "train_micro_batch_size_per_gpu");
        Batches(r, prefix);
        r.SayByTable("--optimizer", prefix + "optimizer.type", ConfigTables.Optimizers);
        Precision(r, prefix);
        r.SayCount("--tp", prefix + "tensor_parallel.autotp_size");
        if (r.IsOn(prefix + "activation_checkpointing.cpu_checkpointing"))
        {
            r.Say("--offload", "activations", prefix + "activation_checkpointing.cpu_checkpointing");
        }
    }

    private static void Shards(ConfigReading r, string prefix)
    {
        string stage = prefix + Zero + "stage";
        if (r.Value(stage) is { IsAuto: true })
        {
            r.Autos.Add(("--sharding", stage));
        }
        else
        {
            r.Say("--sharding", r.Value(stage) is null ? "none" : r.Word(stage) switch
            {
                null or "0" => "none",
                "1" => "zero1",
                "2" => "zero2",
                "3" => "zero3",
                _ => throw r.Wrong(stage, "0, 1, 2 or 3", r.Value(stage)!),
            }, stage);
        }

        Offload(r, prefix + Zero + "offload_optimizer.device", "optimizer");
        Offload(r, prefix + Zero + "offload_param.device", "parameters");
        if (r.IsOn(prefix + Zero + "cpu_offload"))
        {
            r.Say("--offload", "optimizer", prefix + Zero + "cpu_offload");
        }
    }

    private static void Offload(ConfigReading r, string path, string part)
    {
        switch (r.Word(path))
        {
            case null:
                break;
            case "cpu":
                r.Say("--offload", part, path);
                break;
            case "nvme":
                r.Say("--offload", part + ",nvme", path);
                break;
            default:
                throw r.Wrong(path, "cpu, nvme or none", r.Value(path)!);
        }
    }

    // What is left to the program that calls it is known where that program's own file stands beside.
    private static void Batches(ConfigReading r, string prefix)
    {
        string accumulation = prefix + "gradient_accumulation_steps", all = prefix + "train_batch_size";
        if (r.Value(accumulation) is { IsAuto: true })
        {
            r.Autos.Add((ConfigFiles.Accumulate, accumulation));
        }

        r.Accumulation ??= r.Count(accumulation);
        if (r.Count(all) is { } number)
        {
            r.Say("--global-batch", FormattableString.Invariant($"{number}"), all);
        }
    }

    // 16-bit parameters and gradients, and float32 copies that the optimizer works on; float32 gradients where that is asked.
    private static void Precision(ConfigReading r, string prefix)
    {
        bool hasWideGradients = r.Word(prefix + "data_types.grad_accum_dtype") is "fp32";
        foreach (string key in (string[])["bf16", "bfloat16", "fp16"])
        {
            string path = $"{prefix}{key}.enabled";
            if (r.Value(path) is { IsAuto: true })
            {
                r.Autos.Add(("--precision", path));
            }
            else if (r.IsOn(path))
            {
                r.Say("--precision", hasWideGradients ? "megatron-bf16" : "mixed", path);
                return;
            }
        }
    }

    private static string Inside(ConfigReading r, string ending) => string.Concat(r.Tree.Paths
        .Where(path => path.Contains(ending + ".", StringComparison.Ordinal)).Select(path => " " + path));
}
