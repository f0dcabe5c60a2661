namespace LlmMath.Cli.TrainConfig;

/// <summary>PyTorch's fully sharded data parallelism, as Transformers and axolotl configure it. Source:
/// huggingface/transformers@00349ae87, src/transformers/training_args.py, fsdp and fsdp_config;
/// axolotl-ai-cloud/axolotl@067b021c8, src/axolotl/utils/schemas/fsdp.py.</summary>
internal static class FsdpKeys
{
    /// <summary>Reads what a file says of it.</summary>
    /// <param name="r">The file.</param>
    /// <param name="options">The key of its options.</param>
    /// <param name="config">The start of its settings' keys.</param>
    public static void Read(ConfigReading r, string options, string config)
    {
        bool hasConfig = r.Tree.Paths.Any(path => path.StartsWith(config, StringComparison.Ordinal)
            && r.Tree.Value(path) is { IsOff: false });
        string[] words = [.. (r.Value(options) is { IsOff: false } value ? value.Items : [])
            .SelectMany(item => item.ToLowerInvariant().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))];
        if (words.Length == 0 && !hasConfig)
        {
            return;
        }

        string? strategy = (r.Word(config + "fsdp_sharding_strategy") ?? r.Word(config + "sharding_strategy"))?
            .ToLowerInvariant();
        bool keeps = r.Value(config + "reshard_after_forward") is { IsOff: true, IsNull: false };
        if (words.Contains("hybrid_shard") || words.Contains("hybrid_shard_zero2") || strategy is "hybrid_shard")
        {
            r.NotUnderstood.Add($"{options}: hybrid_shard: groups of nodes are not reckoned, all GPUs share");
        }

        r.Say("--sharding", words.Contains("shard_grad_op") || strategy is "shard_grad_op" || keeps ? "zero2"
            : strategy is "no_shard" ? "none" : "zero3", options);
        if (words.Contains("offload") || r.IsOn(config + "fsdp_offload_params") || r.IsOn(config + "offload_params"))
        {
            r.Say("--offload", "optimizer,parameters", words.Contains("offload") ? options : config + "offload_params");
        }
    }
}
