using LlmMath.Architectures;
using LlmMath.Engines;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath speed</c> is asked, once.</summary>
internal sealed record SpeedQuestion
{
    public required string Model { get; init; }

    public required string Gpu { get; init; }

    /// <summary>Null for the checkpoint's own.</summary>
    public string? Weights { get; init; }

    /// <summary>Gigabytes of memory that the GPU shares with the system; the largest that is sold where null.</summary>
    public int? Memory { get; init; }

    /// <summary>How the model is laid over GPUs.</summary>
    public PlacementQuestion Placement { get; init; } = new();

    public string? Engine { get; init; }

    public string Cache { get; init; } = "bf16";

    /// <summary>The most tokens of a pass; the engine's own where null.</summary>
    public int? PassTokens { get; init; }

    public int Batch { get; init; } = 1;

    public required int Prompt { get; init; }

    /// <summary>Tokens of each prompt that an earlier request left in the cache.</summary>
    public int Cached { get; init; }

    /// <summary>How requests arrive, as the options name it; null for a closed loop as benchmarks run.</summary>
    public string? Arrival { get; init; }

    public required int Output { get; init; }

    /// <summary>Tokens drafted at each step; null for none.</summary>
    public int? Drafts { get; init; }

    /// <summary>Tokens that a step with drafts yields; as measured of the model, or of others, where null.</summary>
    public double? TokensPerStep { get; init; }

    /// <summary>What is drafted of a model.</summary>
    /// <exception cref="CliException">Tokens a step are given without drafts.</exception>
    public SpeculativeDecoding? SpeculationOf(ModelDefinition model) => (Drafts, TokensPerStep) switch
    {
        (null, null) => null,
        (null, _) => throw new CliException("--tokens-per-step: --draft-tokens is needed beside it."),
        ({ } drafts, { } yield) => SpeculativeDecoding.OfLength(drafts, yield, 1.0 / Math.Max(1, model.Architecture.LayerCount)),
        ({ } drafts, null) => SpeculativeDecoding.Of(model, drafts),
    };

    /// <summary>What was said of one's own machine.</summary>
    public LocalMachine Machine { get; init; } = new();
}

/// <summary>The answer.</summary>
internal sealed record SpeedAnswer(string Model, InferenceEstimate Estimate)
{
    /// <summary>Whether all of it fits as it was asked.</summary>
    public bool? Fits { get; private init; } = Estimate.Fits;

    /// <summary>What was not said and was chosen.</summary>
    public IReadOnlyList<string> Assumed { get; private init; } = [];

    /// <summary>Estimates.</summary>
    /// <exception cref="CliException">Something that was asked cannot be, or names nothing; the message names the
    /// option.</exception>
    public static SpeedAnswer Of(SpeedQuestion asked) => Of(asked, ModelArgument.Resolve(asked.Model));

    /// <summary>Estimates for a model that was found already.</summary>
    /// <exception cref="CliException">Something that was asked cannot be, or names nothing; the message names the
    /// option.</exception>
    public static SpeedAnswer Of(SpeedQuestion asked, ModelArgument argument)
    {
        try
        {
            (Deployment deployment, Workload workload) = Asked(asked, argument);
            // GPUs of their own that read prompts have the engine's own facts.
            deployment = deployment.Prefill is null ? deployment with { Engine = deployment.EffectiveEngine } : deployment;
            // What does not fit is answered with as much in system memory as makes it fit, and still said not to fit.
            Deployment fitting = asked.Machine.Places || asked.Placement.Prefill.IsAsked ? deployment
                : deployment.Fitting(workload);
            InferenceEstimate estimate = fitting.Speed(workload);
            RequireArrival(asked, estimate);
            // Sizes that no memory has are refused here, before anything is printed.
            fitting.Memory(workload);
            return new(argument.Name, estimate)
            {
                Assumed =
                [
                    .. asked.Weights is null && argument.Weights is { } named ? [$"weights as the model's name says: {named}"]
                        : (string[])[],
                    .. Chosen(asked, fitting), .. Drafted(estimate.Workload.Speculation),
                ],
                Fits = ReferenceEquals(fitting, deployment) || deployment.Tensors is not null ? estimate.Fits : false,
            };
        }
        catch (Exception problem) when (problem is ArgumentException or DefinitionException)
        {
            throw new CliException($"{argument.Name}: {OptionWords.Speed.Line(problem)}", problem);
        }
    }

    /// <summary>What was asked, of which deployment.</summary>
    /// <exception cref="CliException">An option names nothing, or cannot be.</exception>
    /// <exception cref="ArgumentException">Something that was asked cannot be.</exception>
    public static (Deployment Deployment, Workload Workload) Asked(SpeedQuestion asked, ModelArgument argument)
    {
        ModelDefinition model = argument.Required;
        RequireCountable(asked);
        Gpu gpu = SoldMemory.Of(OptionWords.Speed.Named("--gpu", () => GpuCatalog.Load(asked.Gpu)), asked.Memory);
        WeightFormat weights = OwnWeights.Or(asked.Weights, model, argument.Weights, "--weights");
        CacheFormat cache = OptionWords.Speed.Named("--kv", () => CacheFormat.Find(asked.Cache));
        var deployment = new Deployment(
            model, gpu, asked.Engine is { } name ? OptionWords.Speed.Named("--engine", () => EngineOf(name)) : null, weights)
        {
            Keys = cache,
        };
        deployment = asked.Placement.On(deployment, deployment.Engine);
        if (asked.PassTokens is { } pass)
        {
            deployment = pass >= 1 ? deployment with { Engine = deployment.EffectiveEngine?.WithPass(pass) }
                : throw new CliException($"--pass-tokens: 1 or more is needed; it is {N(pass)}.");
        }

        return (asked.Machine.On(deployment), new(asked.Prompt, asked.Output, asked.Batch)
        {
            CachedPromptTokens = asked.Cached,
            Arrival = ArrivalOf(asked.Arrival),
            Speculation = asked.SpeculationOf(model),
        });
    }

    /// <summary>The engine of <c>--engine</c>: an entry, a file of one's own or a release: <c>sglang@0.5.9</c>.</summary>
    /// <exception cref="CliException">It names nothing; the message names the option.</exception>
    public static Engine EngineNamed(string text) => OptionWords.Speed.Named("--engine", () => EngineOf(text));

    private static IEnumerable<string> Chosen(SpeedQuestion asked, Deployment deployment)
    {
        if (asked.Engine is null && deployment.EffectiveEngine is { } usual)
        {
            yield return $"the engine {usual}, the usual one for the format on this GPU";
        }

        if (deployment.Tensors is { } tensors && !asked.Machine.Places && deployment.Gpu is { IsProcessor: false } gpu)
        {
            yield return $"{tensors}, since not all fits {gpu}";
        }

        foreach (string chosen in LocalMachine.Assumed(deployment).Concat(asked.Machine.Unheeded))
        {
            yield return chosen;
        }

        EngineSpeed? speed = deployment.EffectiveEngine?.Speed;
        if (asked.Machine.Backend is null && deployment.Gpu is { } on && speed?.UsualBackend(on) is { } backend)
        {
            yield return $"the backend {backend}, a build of today, flash attention {(deployment.FlashAttention ? "on" : "off")}";
        }
    }

    // An engine that answers a batch whole takes no request while it runs.
    private static void RequireArrival(SpeedQuestion asked, in InferenceEstimate e)
    {
        if (e.Workload is { Arrival: not (null or Arrival.Together), Requests: > 1 } && e.Basis != Basis.Bound
            && e.Engine.Speed is { IsContinuous: false })
        {
            throw new CliException($"--arrival: {e.Engine} was measured with requests that come together alone: \"together\" is "
                + $"right; it is \"{asked.Arrival}\".");
        }
    }

    private static IEnumerable<string> Drafted(SpeculativeDecoding? speculation)
    {
        if (speculation is { Source: { } source } drafts)
        {
            yield return $"{N(drafts.TokensPerStep, 1)} tokens a step with {N((long)drafts.DraftTokens)} drafted, {source}";
        }
    }

    // Negative ones the library refuses, each by its name.
    private static void RequireCountable(SpeedQuestion asked)
    {
        long tokens = (long)asked.Prompt + asked.Output;
        if (tokens > int.MaxValue)
        {
            throw new CliException(
                $"--prompt and --output: at most {N(int.MaxValue)} tokens together are right; they are {N(tokens)}.");
        }
    }

    // "sglang", a file of one's own, or one of its releases: "sglang@0.5.9".
    private static Engine EngineOf(string text)
    {
        string[] parts = File.Exists(text) || EngineCatalog.TryFind(text, out _) ? [text] : text.Split('@', 2);
        Engine engine = EngineCatalog.Load(parts[0]);
        return parts.Length == 1 ? engine : engine.At(parts[1]);
    }

    /// <summary>What <c>--arrival</c> may say.</summary>
    public static IReadOnlyList<(string Word, Arrival Arrival)> Arrivals { get; } =
        [("steady", Arrival.Continuous), ("in-step", Arrival.InStep), ("together", Arrival.Together)];

    private static Arrival? ArrivalOf(string? word) => word is null ? null
        : Arrivals.Where(known => known.Word == word).Select(known => (Arrival?)known.Arrival).FirstOrDefault()
            ?? throw new CliException(
                $"--arrival: \"{word}\" is none of {string.Join(", ", Arrivals.Select(known => known.Word))}.");
}
