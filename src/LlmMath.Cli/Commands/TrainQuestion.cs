using System.CommandLine;
using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Training;

namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath train</c> is asked, and what was chosen where nothing was said.</summary>
/// <param name="On">The deployment.</param>
/// <param name="Run">The run.</param>
/// <param name="Assumed">What was chosen.</param>
internal sealed record TrainQuestion(Deployment On, TrainingRun Run, IReadOnlyList<string> Assumed)
{
    private const int UsualRank = 16, UsualSequence = 2048;

    /// <summary>Reads the options.</summary>
    /// <exception cref="CliException">Something that was asked cannot be, or names nothing; the message names the
    /// option.</exception>
    public static TrainQuestion Of(ParseResult parsed, TrainOptions o, ModelDefinition model)
    {
        var assumed = new List<string>();
        (TrainingMethod method, bool dora) = MethodOf(parsed.GetValue(o.Method)!);
        bool either = method >= TrainingMethod.Dpo;
        bool adapts = method is TrainingMethod.Lora or TrainingMethod.QLora
            || (either && (parsed.GetValue(o.Rank) is not null || parsed.GetValue(o.Targets) is not null));
        int all = parsed.GetValue(o.Gpus);
        RolloutWords rollout = RolloutWords.Of(parsed, o, method, all, assumed);
        int gpus = all - rollout.Apart, tensor = Degree(parsed.GetValue(o.Tensor), "--tp");
        int pipeline = Degree(parsed.GetValue(o.Pipeline), "--pp"), context = Degree(parsed.GetValue(o.Context), "--cp");
        long shared = (long)tensor * pipeline * context;
        if (all < 1)
        {
            throw new CliException($"--gpus: 1 or more is right; it is {all}.");
        }

        if (gpus < 1 || gpus % shared != 0)
        {
            throw new CliException($"--gpus: a multiple of --tp × --pp × --cp, {shared}, is right; it is {gpus}.");
        }

        Engine trainer = OptionWords.Train.Named("--trainer", () => TrainerCatalog.Find(
            Said(parsed.GetValue(o.Trainer), adapts || gpus == 1 ? "hf-peft" : "torchtitan", "--trainer", assumed)));
        Gpu? gpu = parsed.GetValue(o.Gpu) is { } name ? OptionWords.Train.Named("--gpu", () => GpuCatalog.Load(name)) : null;
        WeightFormat weights = OptionWords.Train.Named("--weights", () => WeightFormat.Find(
            Said(parsed.GetValue(o.Weights), method == TrainingMethod.QLora ? "nf4" : "bf16", "--weights", assumed)));
        int data = (int)(gpus / shared), micro = parsed.GetValue(o.MicroBatch) ?? Chosen(1, "--micro-batch", assumed);
        var on = new Deployment(model, gpu, trainer, weights)
        {
            Placement = new()
            {
                Tensor = tensor, Pipeline = pipeline, Context = context, Data = data,
                Expert = parsed.GetValue(o.Experts) ?? 0,
                Sharding = Word<Sharding>(Said(parsed.GetValue(o.Sharding), data == 1 || adapts ? "none"
                    : pipeline > 1 && trainer.Training is { BuffersGradients: true } ? "zero1" : "zero3", "--sharding", assumed),
                    "--sharding"),
            },
        };
        Offload offload = OffloadOf(parsed.GetValue(o.Offload));
        on = on with { Node = HostOf(parsed, o, on, offload, assumed) };
        var run = new TrainingRun(method, parsed.GetValue(o.Tokens)
            ?? throw new CliException("--tokens is needed: tokens of the whole run."))
        {
            Rollout = rollout.Of(parsed, o, on, assumed),
            Reference = parsed.GetValue(o.Reference) is { } reference ? Word<ReferenceModel>(reference, "--reference") : null,
            SequenceLength = rollout.IsNeeded ? rollout.Longest : parsed.GetValue(o.Sequence)
                ?? Chosen((int)Math.Min(UsualSequence, model.Architecture.ContextLength ?? UsualSequence), "--seq", assumed),
            MicroBatch = micro,
            GlobalBatch = parsed.GetValue(o.GlobalBatch) ?? 0,
            Optimizer = OptionWords.Train.Named("--optimizer",
                () => Optimizer.Find(Said(parsed.GetValue(o.Optimizer), "adamw", "--optimizer", assumed))),
            Recomputation =
                Word<Recomputation>(Said(parsed.GetValue(o.Recompute), "none", "--recompute", assumed), "--recompute"),
            Attention = Word<AttentionKernel>(Said(parsed.GetValue(o.Attention), "flash", "--attention", assumed), "--attention"),
            Loss = Word<LossKernel>(Said(parsed.GetValue(o.Loss), "plain", "--loss", assumed), "--loss"),
            Offload = offload,
            Filled = parsed.GetValue(o.Filled) ?? 1,
            EvaluationTokens = parsed.GetValue(o.Evaluated) ?? 0,
            Interruptions = StopsOf(parsed, o, assumed),
            SequenceParallel = tensor > 1,
            Adapter = adapts ? Adapter(parsed, o, dora, assumed) : Unadapted(parsed, o),
        };
        return new(on, Precisely(run, parsed.GetValue(o.Precision)), assumed);
    }

    // What the machine's memory, its link and its drives reach matters where something lies there.
    private static Node HostOf(ParseResult parsed, TrainOptions o, Deployment on, Offload offload, List<string> assumed)
    {
        double? Of(Option<double?> option) => parsed.GetValue(option) switch
        {
            null => null,
            _ when offload == Offload.None =>
                throw new CliException($"{option.Name}: nothing is offloaded; give --offload."),
            > 0 and < 1e9 and { } rate => rate * 1e9,
            { } wrong => throw new CliException($"{option.Name}: above 0 is right; it is {Text(wrong)}."),
        };
        (double? pcie, double? memory, double? drives) = (Of(o.Pcie), Of(o.Ram), Of(o.Nvme));
        if (offload != Offload.None && pcie is null)
        {
            assumed.Add(on.Gpu?.PcieGeneration is { } generation
                ? $"--pcie {Text(16 << (generation - 3))} (PCI Express {generation})"
                : "--pcie 16 (PCI Express 3, the slowest: the GPU's is not known)");
        }

        if (offload.HasFlag(Offload.Optimizer) && memory is null)
        {
            assumed.Add($"--ram-bandwidth {Text(Node.UsualHostBytesPerSecond / 1e9)} (two channels of DDR5-5600)");
        }

        return on.Node with
        {
            PcieBytesPerSecond = 2 * pcie, HostBytesPerSecond = memory, NvmeBytesPerSecond = drives,
        };
    }

    private static Interruptions StopsOf(ParseResult parsed, TrainOptions o, List<string> assumed)
    {
        Interruptions usual = Interruptions.Usual;
        double between = parsed.GetValue(o.Failures) ?? usual.GpuHoursBetween;
        double restart = parsed.GetValue(o.Restart) ?? usual.RestartMinutes;
        if (parsed.GetValue(o.Failures) is null)
        {
            assumed.Add($"--failures {Text(Math.Round(between))}");
        }

        if (parsed.GetValue(o.Restart) is null && between != 0)
        {
            assumed.Add($"--restart {Text(restart)}");
        }

        return new()
        {
            GpuHoursBetween = between == 0 ? double.PositiveInfinity : between,
            RestartMinutes = restart,
            CheckpointSeconds = parsed.GetValue(o.Checkpoint),
        };
    }

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static LoraSpec Adapter(ParseResult parsed, TrainOptions o, bool dora, List<string> assumed)
    {
        int rank = parsed.GetValue(o.Rank) ?? Chosen(UsualRank, "--rank", assumed);
        string targets = Said(parsed.GetValue(o.Targets), LoraSpec.EveryLinear, "--target-modules", assumed);
        return new(rank, targets.Split(',', StringSplitOptions.TrimEntries))
        {
            IsDora = dora,
            TargetParameters = [.. PlanQuestion.Names(parsed.GetValue(o.Parameters))],
            ModulesToSave = [.. PlanQuestion.Names(parsed.GetValue(o.Saved))],
            Ranks = [.. PlanQuestion.Names(parsed.GetValue(o.RankPattern)).Select(RankOf)],
        };
    }

    private static ModuleRank RankOf(string pair) => pair.Split('=') is [{ Length: > 0 } module, var rank]
        && int.TryParse(rank, out int number) ? new(module, number)
        : throw new CliException($"--rank-pattern: q_proj=8 is a right one; it is \"{pair}\".");

    private static LoraSpec? Unadapted(ParseResult parsed, TrainOptions o) =>
        parsed.GetValue(o.Rank) is null && parsed.GetValue(o.Targets) is null ? null
            : throw new CliException("--rank: an adapter is trained by --method lora, qlora, dora, and by those of preference "
                + "and reinforcement learning.");

    private static TrainingRun Precisely(TrainingRun run, string? precision) => precision?.ToLowerInvariant() switch
    {
        null or "bf16" or "fp16" => run,
        "fp8" => run with { Products = ProductFormat.Float8 },
        "pure-bf16" => run with { Recipe = StateRecipe.Bf16 },
        "fp4" => run with { Products = ProductFormat.Float4 },
        { } name => run with { Recipe = OptionWords.Train.Named("--precision", () => StateRecipe.Find(name)) },
    };

    private static (TrainingMethod Method, bool IsDora) MethodOf(string name) => name.ToLowerInvariant() switch
    {
        "pretrain" => (TrainingMethod.Pretrain, false),
        "full" => (TrainingMethod.Full, false),
        "lora" => (TrainingMethod.Lora, false),
        "qlora" => (TrainingMethod.QLora, false),
        "dora" => (TrainingMethod.Lora, true),
        "reward" => (TrainingMethod.Reward, false),
        "dpo" => (TrainingMethod.Dpo, false),
        "ipo" => (TrainingMethod.Ipo, false),
        "kto" => (TrainingMethod.Kto, false),
        "orpo" => (TrainingMethod.Orpo, false),
        "simpo" => (TrainingMethod.SimPo, false),
        "ppo" => (TrainingMethod.Ppo, false),
        "grpo" => (TrainingMethod.Grpo, false),
        _ => throw new CliException("--method: pretrain, full, lora, qlora, dora, reward, dpo, ipo, kto, orpo, simpo, ppo or "
            + $"grpo is right; it is \"{name}\"."),
    };

    private static Offload OffloadOf(string? parts) => (parts ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries
        | StringSplitOptions.TrimEntries).Aggregate(Offload.None, (all, part) => all | Word<Offload>(
            part == "host" ? "optimizer" : part, "--offload"));

    internal static T Word<T>(string text, string option)
        where T : struct, Enum => Enum.TryParse(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out T value)
            && !char.IsAsciiDigit(text[0])
        ? value
        : throw new CliException($"{option}: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()} are right; "
            + $"it is \"{text}\".");

    internal static int Degree(int? value, string option) => value is null or > 0 ? value ?? 1
        : throw new CliException($"{option}: 1 or more is right; it is {value}.");

    internal static int Chosen(int value, string option, List<string> assumed)
    {
        assumed.Add($"{option} {value}");
        return value;
    }

    internal static string Said(string? said, string otherwise, string option, List<string> assumed)
    {
        if (said is null)
        {
            assumed.Add($"{option} {otherwise}");
        }

        return said ?? otherwise;
    }
}
