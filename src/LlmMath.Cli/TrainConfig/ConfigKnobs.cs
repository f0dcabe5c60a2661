using LlmMath.Training;

namespace LlmMath.Cli.TrainConfig;

/// <summary>What to change in a configuration file so that its run fits.</summary>
internal static class ConfigKnobs
{
    private const int Most = 3, MostTogether = 3, MostTried = 400, MostGpus = 1024;

    /// <summary>The cheapest changes after which it fits, each of one knob or of a few together, by how much they slow down;
    /// where there are none, the fewest GPUs.</summary>
    /// <param name="estimate">The run.</param>
    /// <param name="again">The run with other options; null where they cannot be.</param>
    /// <param name="offloaded">What lies in the host's memory already, as the option says it.</param>
    public static List<ConfigFix> That(TrainingEstimate estimate, Func<string[], TrainingEstimate?> again, string? offloaded)
    {
        TrainingSaving[] savings = [.. estimate.Savings().Concat(SmallerBatches(estimate, again))
            .Where(saving => Words.ContainsKey(Kind(saving.Knob)))];
        var found = new List<ConfigFix>();
        int tried = 0;
        for (int together = 1; together <= MostTogether && found.Count < Most; together++)
        {
            foreach (TrainingSaving[] some in Sets(savings, together).OrderBy(Slowdown))
            {
                // What fits already needs nothing beside it.
                if (found.Exists(fix => fix.Knobs.All(knob => Array.Exists(some, saving => saving.Knob == knob))))
                {
                    continue;
                }

                if (found.Count == Most || tried++ == MostTried)
                {
                    break;
                }

                string[] options = [.. some.SelectMany(saving => Options(saving.Knob, offloaded))];
                if (together == 1 ? some[0].Fits == true : again(options) is { Fits: true })
                {
                    found.Add(new([.. some.Select(saving => saving.Knob)], options, Slowdown(some)));
                }
            }
        }

        return found.Count == 0 && MoreGpus(estimate, again) is { } more ? [more] : [.. found.OrderBy(fix => fix.Slowdown)];
    }

    // Twice as many, and twice as many again: alone, or with what a cluster does anyway.
    private static ConfigFix? MoreGpus(TrainingEstimate estimate, Func<string[], TrainingEstimate?> again)
    {
        string[][] beside = [[], ["sharding zero3"], ["recompute full"], ["sharding zero3", "recompute full"]];
        for (int gpus = estimate.Deployment.Placement.Gpus * 2; gpus <= MostGpus; gpus *= 2)
        {
            foreach (string[] knobs in beside)
            {
                string[] options = [$"--gpus={gpus}", .. knobs.SelectMany(knob => Options(knob, null))];
                if (again(options) is { Fits: true })
                {
                    return new([$"{gpus} GPUs", .. knobs], options, null);
                }
            }
        }

        return null;
    }

    private static double Slowdown(TrainingSaving[] some) => some.Aggregate(1.0, (time, saving) => time * saving.Slowdown);

    // Half of the half, and so on: each is what is cheapest to halve once more.
    private static IEnumerable<TrainingSaving> SmallerBatches(TrainingEstimate estimate, Func<string[], TrainingEstimate?> again)
    {
        double slowdown = 1;
        for (TrainingEstimate? now = estimate; now is not null;)
        {
            if (now.Savings().FirstOrDefault(saving => Kind(saving.Knob) == "micro-batch") is not { } half)
            {
                yield break;
            }

            slowdown *= half.Slowdown;
            if (now != estimate)
            {
                yield return half with { Slowdown = slowdown };
            }

            now = again([.. Options(half.Knob, null)]);
        }
    }

    /// <summary>How files say a knob: null where the tool has no word for it.</summary>
    public static string? In(string tool, string knob) => !Words.TryGetValue(Kind(knob), out var says) ? null
        : (tool switch
        {
            "axolotl" => says.Axolotl,
            "DeepSpeed" => says.DeepSpeed,
            "LLaMA-Factory" => says.Factory,
            _ => says.Transformers,
        })?.Replace("{}", knob.Split(' ', 2)[^1].Replace("zero", "", StringComparison.Ordinal), StringComparison.Ordinal);

    private static Dictionary<string, (string? Axolotl, string? Transformers, string? Factory, string? DeepSpeed)> Words { get; }
        = new()
    {
        ["recompute full"] = ("gradient_checkpointing: true", "gradient_checkpointing: true",
            "disable_gradient_checkpointing: false", null),
        ["attention flash"] = ("attn_implementation: flash_attention_2", "attn_implementation: flash_attention_2",
            "flash_attn: fa2", null),
        ["loss fused"] = ("liger_fused_linear_cross_entropy: true (plugin liger)", "use_liger_kernel: true",
            "enable_liger_kernel: true", null),
        ["loss chunked"] = ("chunked_cross_entropy: true", null, null, null),
        ["optimizer adamw-8bit"] = ("optimizer: adamw_bnb_8bit", "optim: adamw_bnb_8bit", "optim: adamw_bnb_8bit", null),
        ["micro-batch"] = ("micro_batch_size: {}", "per_device_train_batch_size: {}", "per_device_train_batch_size: {}",
            "train_micro_batch_size_per_gpu: {}"),
        ["sharding"] = ("deepspeed: deepspeed_configs/zero{}.json", "deepspeed: a file with zero_optimization.stage {}",
            "deepspeed: examples/deepspeed/ds_z{}_config.json", "zero_optimization.stage: {}"),
        ["offload optimizer"] = ("deepspeed: a file with zero_optimization.offload_optimizer.device cpu",
            "deepspeed: a file with zero_optimization.offload_optimizer.device cpu",
            "deepspeed: a file with zero_optimization.offload_optimizer.device cpu",
            "zero_optimization.offload_optimizer.device: cpu"),
        ["offload parameters"] = ("deepspeed: a file with zero_optimization.offload_param.device cpu",
            "deepspeed: a file with zero_optimization.offload_param.device cpu",
            "deepspeed: a file with zero_optimization.offload_param.device cpu", "zero_optimization.offload_param.device: cpu"),
        ["offload activations"] = ("gradient_checkpointing: offload", null, null,
            "activation_checkpointing.cpu_checkpointing: true"),
        ["method qlora"] = ("adapter: qlora and load_in_4bit: true", null, "quantization_bit: 4", null),
    };

    private static string Kind(string knob) => knob.Split(' ')[0] is "micro-batch" or "sharding" ? knob.Split(' ')[0] : knob;

    // A knob's words are those of the options.
    private static IEnumerable<string> Options(string knob, string? offloaded)
    {
        string[] words = knob.Split(' ', 2);
        string value = words[^1].Replace(",", "", StringComparison.Ordinal);
        yield return $"--{words[0]}={(words[0] == "offload" && offloaded is not null ? $"{offloaded},{value}" : value)}";
        if (knob == "method qlora")
        {
            yield return "--weights=nf4";
        }
    }

    // Every set of so many, no two of the same option.
    private static IEnumerable<TrainingSaving[]> Sets(TrainingSaving[] all, int count, int from = 0)
    {
        if (count == 0)
        {
            return [[]];
        }

        return Enumerable.Range(from, all.Length - from).SelectMany(at => Sets(all, count - 1, at + 1)
            .Where(rest => Array.TrueForAll(rest, one => one.Knob.Split(' ')[0] != all[at].Knob.Split(' ')[0]))
            .Select(rest => (TrainingSaving[])[all[at], .. rest]));
    }
}

/// <summary>Changes after which a run fits.</summary>
/// <param name="Knobs">What to change.</param>
/// <param name="Options">The same as options.</param>
/// <param name="Slowdown">Time of a step then ÷ now; null where more GPUs take more tokens a step.</param>
internal sealed record ConfigFix(IReadOnlyList<string> Knobs, IReadOnlyList<string> Options, double? Slowdown);
