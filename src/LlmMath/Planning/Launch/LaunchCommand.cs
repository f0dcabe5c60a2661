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

    /// <summary>Servers of their own that read prompts; null where the same read and write.</summary>
    public LaunchCommand? Prefill { get; init; }

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
        return Of(plan.Deployment, plan.ContextTokens, plan.MostAtOnce, checkpoint, version)
            with { Replicas = plan.Replicas, MachineGpus = plan.Offer.Gpus };
    }

    /// <summary>The command of a deployment as it was estimated: its replicas, and servers of their own that read prompts where
    /// there are some.</summary>
    /// <param name="estimate">The estimate: as many requests at once are let in as it has.</param>
    /// <param name="checkpoint">The checkpoint in the deployment's format, a repository's id or a path; null for the model's own
    /// repository, where its weights are of that format or the engine brings them into it.</param>
    /// <param name="version">The engine's version; null for the newest that was read.</param>
    /// <exception cref="UnknownNameException">Nobody read the engine's flags.</exception>
    /// <exception cref="EstimateException">The engine cannot be told something of it; the error names it.</exception>
    public static LaunchCommand Of(in InferenceEstimate estimate, string? checkpoint = null, string? version = null)
    {
        Deployment on = estimate.Deployment ?? throw new EstimateException(nameof(estimate), "there is no estimate.");
        Workload load = estimate.Workload;
        long context = (long)load.PromptTokens + load.OutputTokens;
        LaunchCommand writes = Side(on with { Prefill = null }, "decode");
        return on.Prefill is not { } side ? writes with { Setup = writes.Setup with { Role = null } }
            : writes with
            {
                Prefill = Side(on with { Prefill = null, Placement = side.Placement, Gpu = side.Gpu ?? on.Gpu }, "prefill"),
            };

        LaunchCommand Side(Deployment of, string role)
        {
            int replicas = of.Placement.Data;
            LaunchCommand one = Of(of, context, (int)(((long)load.Requests + replicas - 1) / replicas), checkpoint, version);
            return one with { Replicas = replicas, Setup = one.Setup with { Role = role } };
        }
    }

    private static LaunchCommand Of(Deployment on, long context, int requests, string? checkpoint, string? version)
    {
        if (on.Placement is { Expert: > 0, ExpertDegree: var spread } over && spread != over.Tensor)
        {
            throw new EstimateException("Placement.Expert", "how engines are told of replicas of attention that share experts is "
                + "not written.");
        }

        Engine engine = on.EffectiveEngine ?? throw new EstimateException(nameof(Deployment.Engine), "an engine is needed.");
        LaunchFlags flags = LaunchFlags.Of(engine.Name);
        version ??= flags.Versions[0];
        flags.Check(version);
        (string model, string? quantization) = Checkpoint(on, flags.Engine, checkpoint);
        var setup = new ServerSetup
        {
            Engine = flags.Engine,
            Model = model,
            Quantization = quantization,
            DataType = flags.Flags.Any(flag => flag.Concept == "dtype")
                ? on.Weights == WeightFormat.Bf16 ? "bfloat16" : "auto" : null,
            Tensor = on.Placement.Tensor,
            Pipeline = on.Placement.Pipeline,
            Context = context,
            Requests = requests,
            PassTokens = engine.Pass.Tokens,
            MemoryShare = engine.MemoryShare < 1 ? engine.MemoryShare : null,
            Cache = Cache(on.Keys, flags.Engine),
            Host = "127.0.0.1",
            Port = UsualPort,
        };
        return new(setup, version, 1, on.Gpu!, on.Memory(Workload.OfContext(context)).Weights) { MachineGpus = on.Node.Gpus };
    }

    /// <summary>The command in a form.</summary>
    /// <param name="form">The form.</param>
    /// <exception cref="EstimateException">No image of that version is known, or the engine cannot be told something.</exception>
    public string Text(LaunchForm form) => form switch
    {
        LaunchForm.Shell => ShellText.Join(ContainerParts.OneSide(this).Words) + "\n",
        LaunchForm.Compose => ComposeForm.Of(this),
        LaunchForm.Kubernetes => DeploymentForm.Of(this),
        LaunchForm.LeaderWorkerSet => LeaderWorkerSetForm.Of(this),
        LaunchForm.KServe => KServeForm.Of(this),
        LaunchForm.RayServe => RayForm.OfServe(this),
        LaunchForm.RayService => RayForm.OfService(this),
        LaunchForm.LlmD => DeploymentForm.OfLlmD(this),
        _ => DynamoForm.Of(this),
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

    private static (string Model, string? Quantization) Checkpoint(Deployment on, string engine, string? checkpoint) =>
        checkpoint is not null ? (checkpoint, null)
            : engine != "llama.cpp" && Quality.IsLossless(on.Model, on.Weights) ? (on.Model.Id, null)
            : engine is "vllm" or "sglang" && on.Weights == WeightFormat.Fp8 ? (on.Model.Id, "fp8")
            : throw new EstimateException(nameof(checkpoint), string.Create(CultureInfo.InvariantCulture,
                $"{engine} needs a checkpoint of {on.Model} in {on.Weights}: name it."));
}
