using System.Globalization;
using LlmMath.Basics;
using LlmMath.Planning.Launch;

namespace LlmMath.Planning;

/// <summary>The command that starts a plan on its engine, with every limit that it was reckoned with.</summary>
/// <param name="Setup">What it says.</param>
/// <param name="Version">The engine's version, whose flags were read.</param>
/// <param name="Replicas">How many of it run, each on its GPUs.</param>
/// <param name="Gpu">The kind of GPU.</param>
/// <param name="Weights">Bytes of the weights of a replica: how long it loads.</param>
public sealed record LaunchCommand(ServerSetup Setup, string Version, long Replicas, Gpu Gpu, ByteSize Weights)
{
    private const int UsualPort = 8000;

    /// <summary>GPUs of each machine, 1 or more; 8 unless stated.</summary>
    public int MachineGpus { get; init; } = 8;

    /// <summary>The command's words.</summary>
    /// <exception cref="EstimateException">The engine cannot be told something in that version.</exception>
    public ValueList<string> Words => [.. LaunchWords.Of(Setup, LaunchFlags.Of(Setup.Engine), Version)];

    /// <summary>The command of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="checkpoint">The checkpoint in the plan's format, a repository's id or a path; null for the model's own
    /// repository, where its weights are of that format or the engine brings them into it.</param>
    /// <param name="version">The engine's version; null for the newest that was read.</param>
    /// <exception cref="UnknownNameException">Nobody read the engine's flags.</exception>
    /// <exception cref="EstimateException">The engine cannot be told something of the plan; the error names it.</exception>
    public static LaunchCommand Of(Plan plan, string? checkpoint = null, string? version = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Deployment on = plan.Deployment;
        LaunchFlags flags = LaunchFlags.Of(on.Engine!.Name);
        version ??= flags.Versions[0];
        flags.Check(version);
        Engine engine = on.EffectiveEngine!;
        (string model, string? quantization) = Checkpoint(on, checkpoint);
        var setup = new ServerSetup
        {
            Engine = flags.Engine,
            Model = model,
            Quantization = quantization,
            DataType = flags.Flags.Any(flag => flag.Concept == "dtype")
                ? on.Weights == WeightFormat.Bf16 ? "bfloat16" : "auto" : null,
            Tensor = on.Placement.Tensor,
            Pipeline = on.Placement.Pipeline,
            Context = plan.ContextTokens,
            Requests = plan.MostAtOnce,
            PassTokens = engine.Pass.Tokens,
            MemoryShare = engine.MemoryShare < 1 ? engine.MemoryShare : null,
            Cache = Cache(on.Keys, flags.Engine),
            Host = "127.0.0.1",
            Port = UsualPort,
        };
        return new(setup, version, plan.Replicas, on.Gpu!, plan.Memory.Weights) { MachineGpus = plan.Offer.Gpus };
    }

    /// <summary>The command in a form.</summary>
    /// <param name="form">The form.</param>
    /// <exception cref="EstimateException">No image of that version is known, or the engine cannot be told something.</exception>
    public string Text(LaunchForm form) => form switch
    {
        LaunchForm.Shell => ShellText.Join(Words) + "\n",
        LaunchForm.Compose => ComposeForm.Of(this),
        LaunchForm.Kubernetes => DeploymentForm.Of(this),
        _ => LeaderWorkerSetForm.Of(this),
    };

    /// <summary>The command as a shell reads it.</summary>
    public override string ToString() => ShellText.Join(Words);

    // What an engine writes for the cache's format; null where it has no flag for the one it takes by itself.
    private static string? Cache(CacheFormat format, string engine) => (engine, format.Name) switch
    {
        ("vllm" or "sglang", "bf16" or "fp16") => "auto",
        ("vllm", "fp8") => "fp8",
        ("sglang", "fp8") => "fp8_e4m3",
        ("tensorrt-llm", "bf16" or "fp16") => null,
        ("llama.cpp", "fp16") => "f16",
        ("llama.cpp", "bf16" or "q8_0" or "q4_0" or "q4_1" or "q5_0" or "q5_1" or "iq4_nl") => format.Name,
        _ => throw new EstimateException(nameof(Deployment.Keys), $"how {engine} is told a {format.Name} cache was not read."),
    };

    private static (string Model, string? Quantization) Checkpoint(Deployment on, string? checkpoint)
    {
        string engine = on.Engine!.Name;
        return checkpoint is not null ? (checkpoint, null)
            : engine != "llama.cpp" && Quality.IsLossless(on.Model, on.Weights) ? (on.Model.Id, null)
            : engine is "vllm" or "sglang" && on.Weights == WeightFormat.Fp8 ? (on.Model.Id, "fp8")
            : throw new EstimateException(nameof(checkpoint), string.Create(CultureInfo.InvariantCulture,
                $"{engine} needs a checkpoint of {on.Model} in {on.Weights}: name it."));
    }
}
