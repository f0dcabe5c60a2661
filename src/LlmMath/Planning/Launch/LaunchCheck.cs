using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a start command comes to: what will not fit, which defaults it takes unsaid, what to change.</summary>
public sealed record LaunchCheck
{
    private LaunchCheck()
    {
    }

    /// <summary>What the command says.</summary>
    public required ServerSetup Setup { get; init; }

    /// <summary>The deployment that it starts.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>What it does not say and was taken.</summary>
    public required ValueList<string> Assumed { get; init; }

    /// <summary>Memory with one request of the longest context.</summary>
    public required MemoryEstimate Memory { get; init; }

    /// <summary>Times of the workload that was asked; null where not even one request fits.</summary>
    public InferenceEstimate? Speed { get; private init; }

    /// <summary>Whether one request of the longest context fits: else the engine refuses to start.</summary>
    public bool Fits => Memory.Fits == true;

    /// <summary>Requests of the longest context that fit at once; null where none does.</summary>
    public int? LargestBatch { get; private init; }

    /// <summary>What to change.</summary>
    public required ValueList<string> Advice { get; init; }

    /// <summary>Looks at a command.</summary>
    /// <param name="setup">What the command says.</param>
    /// <param name="model">The model.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <param name="promptTokens">Tokens of a prompt that are asked about.</param>
    /// <param name="outputTokens">Tokens of an answer.</param>
    /// <param name="weights">The checkpoint's format; null for what the command and the model's config say.</param>
    /// <param name="prefill">What servers of their own that read prompts are told, on the same kind of GPU; null where the same
    /// read and write.</param>
    /// <param name="prefillServers">How many of them.</param>
    /// <param name="servers">How many that write there are beside them.</param>
    /// <exception cref="ArgumentException">Something cannot be, or a figure that is needed is not known; the error names
    /// it.</exception>
    public static LaunchCheck Of(ServerSetup setup, ModelDefinition model, Gpu gpu, long promptTokens = 1024,
        long outputTokens = 256, WeightFormat? weights = null,
        ServerSetup? prefill = null, int prefillServers = 1, int servers = 1)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(gpu);
        var assumed = new List<string>();
        Engine engine = EngineCatalog.Find(setup.Engine).RunningOn(gpu, new Parallelism
        {
            Tensor = setup.Tensor ?? 1, Pipeline = setup.Pipeline ?? 1,
        }.Gpus, replicas: 1);
        int? pass = Said(setup.PassTokens, engine.Pass.Tokens, "tokens of a pass", assumed);
        double share = Said(setup.MemoryShare, engine.MemoryShare, "share of the GPU's memory", assumed)!.Value;
        int tensor = Said(setup.Tensor, 1, "GPUs that share each layer", assumed)!.Value;
        var on = new Deployment(model, gpu, (pass is { } tokens ? engine.WithPass(tokens) : engine).WithShare(share),
            weights ?? Weights(setup, model, assumed))
        {
            Keys = Cache(setup, assumed),
            Placement = new() { Tensor = tensor, Pipeline = setup.Pipeline ?? 1, Data = servers },
            Prefill = prefill is null ? null : new()
            {
                Placement = new() { Tensor = prefill.Tensor ?? 1, Pipeline = prefill.Pipeline ?? 1, Data = prefillServers },
            },
        };
        long context = Said(setup.Context, model.Architecture.ContextLength ?? promptTokens + outputTokens,
            "longest sequence, the model's", assumed)!.Value;
        var longest = Workload.OfContext(context);
        int? largest = on.LargestBatch(longest);
        long all = (long)servers * (setup.Requests ?? Usual(setup, gpu, largest, assumed));
        int requests = all is >= 0 and <= int.MaxValue ? (int)all : throw new EstimateException(nameof(servers),
            $"up to {NumberText.N(int.MaxValue)} requests at once, of all together, are right; they are {NumberText.N(all)}.");
        var load = new Workload(promptTokens, outputTokens, requests) { Arrival = Arrival.Continuous };
        return new()
        {
            Setup = setup,
            Deployment = on,
            Assumed = [.. assumed],
            Memory = on.Memory(longest),
            LargestBatch = largest,
            Speed = largest is null ? null : on.Speed(load),
            Advice = [.. Advise(on, longest, largest, requests, setup)],
        };
    }

    /// <summary>What it starts, and whether it fits.</summary>
    public override string ToString() => $"{Deployment.Model} by {Deployment.Engine} on {Deployment.Placement.Gpus} × "
        + $"{Deployment.Gpu}: {(Fits ? "fits" : "does not fit")}";

    private static WeightFormat Weights(ServerSetup setup, ModelDefinition model, List<string> assumed)
    {
        if (setup.Quantization is { } name)
        {
            return WeightFormat.Find(name);
        }

        WeightFormat format = setup.DataType is "float16" or "half" ? WeightFormat.Fp16
            : setup.DataType is "float32" or "float" ? WeightFormat.Fp32 : model.CheckpointFormat ?? WeightFormat.Bf16;
        assumed.Add($"weights: {format.Name}, as the model's config says");
        return format;
    }

    private static CacheFormat Cache(ServerSetup setup, List<string> assumed)
    {
        if (setup.Cache is null or "auto" or "bfloat16" or "bf16")
        {
            assumed.Add("cache: bf16");
            return CacheFormat.Bf16;
        }

        return CacheFormat.Find(setup.Cache switch
        {
            "f16" or "float16" => "fp16",
            "fp8_e4m3" => "fp8",
            { } other => other,
        });
    }

    // vLLM's default depends on the GPU (docs.vllm.ai, engine arguments): 1,024 where it has 70 GiB or more and is no A100.
    private static int Usual(ServerSetup setup, Gpu gpu, int? largest, List<string> assumed)
    {
        int usual = setup.Engine == "vllm" ? gpu.Memory?.Gibibytes >= 70 && gpu.Architecture != "Ampere GA100" ? 1024 : 256
            : Math.Clamp(largest ?? 1, 1, 2048);
        assumed.Add(FormattableString.Invariant($"requests at once: {usual:#,0}")
            + (setup.Engine == "vllm" ? "" : ", as many as fit"));
        return usual;
    }

    private static IEnumerable<string> Advise(
        Deployment on, Workload longest, int? largest, int requests, ServerSetup setup)
    {
        if (largest is null)
        {
            if (on.LargestContext(longest) is { } context)
            {
                yield return FormattableString.Invariant($"a longest sequence of {context:#,0} tokens fits");
            }

            if (Enough(on, longest) is { } more)
            {
                yield return FormattableString.Invariant($"{more.Gpus} GPUs ({more}) hold it");
            }
        }
        else if (requests > largest)
        {
            yield return FormattableString.Invariant($"of {requests:#,0} requests at once, {largest:#,0} fit if all are of ")
                + "the longest sequence: the others wait, or are stopped and begun again";
        }

        foreach (string flag in (IEnumerable<string>)setup.Unreckoned)
        {
            yield return $"{flag} is not reckoned with";
        }
    }

    // As people lay models over the GPUs of one machine; else as few as hold it.
    private static Parallelism? Enough(Deployment on, Workload longest)
    {
        foreach (int tensor in on.Engine!.SplitsByLayer ? (int[])[] : [1, 2, 4, 8])
        {
            var placement = new Parallelism { Tensor = tensor };
            if (placement.Allows(on.Model.Architecture) && (on with { Placement = placement }).Memory(longest).Fits == true)
            {
                return placement;
            }
        }

        return on.SmallestGpus(longest);
    }

    private static T? Said<T>(T? said, T? otherwise, string what, List<string> assumed)
        where T : struct
    {
        if (said is null && otherwise is { } taken)
        {
            assumed.Add(FormattableString.Invariant($"{what}: {taken}"));
        }

        return said ?? otherwise;
    }
}
