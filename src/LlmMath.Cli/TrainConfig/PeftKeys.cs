namespace LlmMath.Cli.TrainConfig;

/// <summary>PEFT's adapter_config.json. Keys: huggingface/peft@5d602fdbf, src/peft/config.py and src/peft/tuners/lora/config.py.
/// </summary>
internal static class PeftKeys
{
    private const string Idle = """
        auto_mapping base_model_name_or_path revision task_type peft_version inference_mode lora_alpha lora_dropout fan_in_fan_out
        use_rslora init_lora_weights alpha_pattern megatron_core loftq_config.loftq_iter loftq_config.loftq_bits runtime_config.*
        qalora_group_size
        """;

    /// <summary>Reads a file.</summary>
    public static void Read(ConfigReading r)
    {
        if (r.Word("peft_type") is not { } type || !type.Equals("LORA", StringComparison.OrdinalIgnoreCase))
        {
            throw r.Wrong("peft_type", "LORA", r.Value("peft_type") ?? ConfigValue.Null);
        }

        r.Model = r.Word("base_model_name_or_path");
        r.Say("--trainer", "hf-peft", "peft_type");
        r.Unsaid("--method", r.IsOn("use_dora") ? "dora" : "lora", "use_dora");
        r.SayCount("--rank", "r", "8");
        r.SayNames("--target-modules", "target_modules");
        if (r.Value("target_modules") is null && r.Value("target_parameters") is null)
        {
            r.Autos.Add(("--target-modules", "target_modules"));
        }

        r.SayNames("--target-parameters", "target_parameters");
        r.SayNames("--modules-to-save", "modules_to_save");
        if (r.Value("bias") is { IsOff: false } bias)
        {
            r.NotUnderstood.Add($"bias: {bias.Text}: biases count as frozen");
        }

        foreach (string path in r.Tree.Paths.Where(path => path.StartsWith("rank_pattern.", StringComparison.Ordinal)))
        {
            string name = path["rank_pattern.".Length..];
            if (ConfigReading.IsName(name) && r.Count(path) is { } rank)
            {
                r.Say("--rank-pattern", FormattableString.Invariant($"{name}={rank}"), path);
            }
        }

        r.Finish(Idle);
    }
}
