using System.CommandLine;

namespace LlmMath.Cli.Commands;

/// <summary>The options of <c>llmmath train</c>.</summary>
internal sealed class TrainOptions
{
    public Argument<string?> Model { get; } = new("MODEL")
    {
        Description = "A catalog entry, the path or https address of a config.json or a checkpoint, or hf:ORG/NAME; "
            + "with --config what the file names, unless given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string> Method { get; } = new("--method")
    {
        Description = "pretrain, full, lora, qlora, dora, reward, dpo, ipo, kto, orpo, simpo, ppo or grpo.",
        HelpName = "METHOD",
        DefaultValueFactory = _ => "full",
    };

    public Option<string?> Gpu { get; } = Text("--gpu", "GPU", "The GPU, by name or as a *.gpu.json.");

    public Option<int> Gpus { get; } = new("--gpus") { Description = "How many.", HelpName = "N", DefaultValueFactory = _ => 1 };

    public Option<long?> Tokens { get; } = new("--tokens") { Description = "Tokens of the whole run.", HelpName = "N" };

    public Option<int?> Rank { get; } = Number("--rank", "Rank of the adapter.");

    public Option<string?> Targets { get; } =
        Text("--target-modules", "A,B", "Ends of the adapted modules' names, or all-linear.");

    public Option<string?> Parameters { get; } =
        Text("--target-parameters", "A,B", "Ends of adapted parameters that are no module's, as stacked experts are.");

    public Option<string?> Saved { get; } =
        Text("--modules-to-save", "A,B", "Ends of modules that are trained whole, as lm_head.");

    public Option<string?> RankPattern { get; } = Text("--rank-pattern", "A=N,B=N", "Ranks of some modules.");

    public Option<string[]> Config { get; } = new("--config")
    {
        Description = "A training program's file: axolotl's or LLaMA-Factory's YAML, TrainingArguments, DeepSpeed's or PEFT's "
            + "JSON; several are possible. Options stand over what it says.",
        HelpName = "FILE",
    };

    public Option<string?> Weights { get; } = Text("--weights", "FORMAT", "Format of frozen weights.");

    public Option<int?> Sequence { get; } = Number("--seq", "Tokens of a sequence.");

    public Option<int?> MicroBatch { get; } = Number("--micro-batch", "Sequences of one pass on each replica.");

    public Option<int?> GlobalBatch { get; } = Number("--global-batch", "Sequences of a step over all replicas.");

    public Option<string?> Precision { get; } = Text("--precision", "P",
        "bf16, fp16, fp32, fp8 or fp4 products; or how states are held: mixed, megatron-bf16, fsdp, autocast and so on.");

    public Option<string?> Optimizer { get; } = Text("--optimizer", "O", "adamw, adamw-8bit, adafactor, lion, muon, sgd.");

    public Option<string?> Recompute { get; } = Text("--recompute", "R", "none, selective, by-operator or full.");

    public Option<string?> Sharding { get; } = Text("--sharding", "S", "none, zero1, zero2 or zero3.");

    public Option<string?> Offload { get; } = Text("--offload", "PARTS",
        "optimizer, parameters, activations: to the host's memory; with nvme the first two to its drives.");

    public Option<double?> Pcie { get; } = Rate("--pcie", "GB/s", "Rate of a GPU to the host's memory, of one direction.");

    public Option<double?> Ram { get; } = Rate("--ram-bandwidth", "GB/s", "Rate of the machine's memory.");

    public Option<double?> Nvme { get; } = Rate("--nvme", "GB/s", "Rate of the machine's drives.");

    public Option<double?> Filled { get; } = Rate("--filled", "SHARE",
        "Share of a batch's positions that hold tokens: 1 packed, padded the mean length ÷ the longest.");

    public Option<long?> Evaluated { get; } = new("--evaluate") { Description = "Tokens of all evaluations.", HelpName = "N" };

    public Option<double?> Failures { get; } =
        Rate("--failures", "HOURS", "Hours of a GPU between failures that stop the run; 0 for none.");

    public Option<double?> Checkpoint { get; } = Rate("--checkpoint", "SECONDS", "How long steps wait for a checkpoint.");

    public Option<double?> Restart { get; } = Rate("--restart", "MINUTES", "From a failure until steps go on.");

    public Option<string?> Attention { get; } = Text("--attention", "A", "flash or eager.");

    public Option<string?> Loss { get; } = Text("--loss", "L", "plain, chunked or fused.");

    public Option<int?> Tensor { get; } = Number("--tp", "GPUs that share each layer.");

    public Option<int?> Pipeline { get; } = Number("--pp", "Stages, each with a run of the layers.");

    public Option<int?> Context { get; } = Number("--cp", "GPUs that share each sequence.");

    public Option<int?> Experts { get; } = Number("--ep", "GPUs that share the experts.");

    public Option<string?> Reference { get; } =
        Text("--reference", "R", "Of preference and reinforcement learning: kept, adapter-off, precomputed or none.");

    public Option<int?> Group { get; } = Number("--group", "Answers to each prompt.");

    public Option<int?> Prompts { get; } = Number("--prompts", "Prompts of a step of reinforcement learning.");

    public Option<string?> Prompt { get; } =
        Text("--prompt", "MEAN[,P95[,LIMIT]]", "Tokens of its prompts: their mean, 95th percentile and limit.");

    public Option<string?> Completion { get; } =
        Text("--completion", "MEAN[,P95[,LIMIT]]", "Tokens of its answers, likewise.");

    public Option<string?> Rollout { get; } =
        Text("--rollout", "MODE", "Where answers are written: colocated, apart, one-off or async.");

    public Option<int?> RolloutGpus { get; } = Number("--rollout-gpus", "How many of the GPUs write answers alone.");

    public Option<int?> RolloutTensor { get; } = Number("--rollout-tp", "GPUs that share each layer while they write answers.");

    public Option<string?> RolloutEngine { get; } = Text("--rollout-engine", "E", "The engine that writes answers.");

    public Option<string?> RolloutSleep { get; } =
        Text("--rollout-sleep", "S", "What a colocated engine gives back while the GPUs train: awake, cache-released, released.");

    public Option<string?> Trainer { get; } = Text("--trainer", "T", "The training framework.");

    public Option<double?> Price { get; } = new("--price") { Description = "US dollars of one GPU and hour.", HelpName = "USD" };

    public Option<bool> Explain { get; } = new("--explain") { Description = "Show the working, row by row." };

    public Option<string?> Plot { get; } = CommonOptions.Plot("memory by part at the fullest moment");

    public Option<bool> Json { get; } = CommonOptions.Json();

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(Model);
        Option[] all =
        [
            Config, Parameters, Saved, RankPattern,
            Method, Gpu, Gpus, Tokens, Rank, Targets, Weights, Sequence, MicroBatch, GlobalBatch, Precision, Optimizer, Recompute,
            Sharding, Offload, Attention, Loss, Tensor, Pipeline, Context, Experts, Reference, Group, Prompts, Prompt, Completion,
            Pcie, Ram, Nvme, Filled, Evaluated, Failures, Checkpoint, Restart,
            Rollout, RolloutGpus, RolloutTensor, RolloutEngine, RolloutSleep, Trainer, Price, Explain, Plot, Json,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<double?> Rate(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<int?> Number(string name, string description) =>
        new(name) { Description = description, HelpName = "N" };
}
