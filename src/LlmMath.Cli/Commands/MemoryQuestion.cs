using System.CommandLine;
using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Engines;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath memory</c> was asked.</summary>
internal sealed partial record MemoryQuestion
{
    // Where --context is not given: enough for a chat, and said in the answer.
    private const long UsualContext = 4096;

    // A weight takes no fewer bits in any format: llama.cpp's iq1_s has 1.56.
    private const double LeastBits = 1.5;

    public string? Weights { get; private init; }

    public required CacheFormat Keys { get; init; }

    public required CacheFormat Values { get; init; }

    public int Batch { get; private init; }

    public long? Context { get; private init; }

    public long? Prompt { get; private init; }

    public long EncoderTokens { get; private init; }

    public bool ExtendsContext { get; private init; }

    /// <summary>None; one kind, as many as <see cref="Placement"/> says; or one by one where they differ.</summary>
    public required IReadOnlyList<Gpu> Gpus { get; init; }

    /// <summary>How the model is laid over them.</summary>
    public required PlacementQuestion Placement { get; init; }

    public string? Engine { get; private init; }

    public int? PassTokens { get; private init; }

    public int? Sequences { get; private init; }

    public double? Share { get; private init; }

    public string? Draft { get; private init; }

    /// <summary>Tokens drafted at each step; null for none.</summary>
    public int? DraftTokens { get; private init; }

    public int? Lora { get; private init; }

    public int LoraRank { get; private init; }

    public long? PrefixCache { get; private init; }

    public bool Vision { get; private init; }

    /// <summary>What was said of one's own machine.</summary>
    public required LocalMachine Machine { get; init; }

    /// <summary>What was asked on a command line.</summary>
    /// <exception cref="CliException">A name is unknown or a number out of range; the error names the option.</exception>
    public static MemoryQuestion Of(ParseResult parsed, MemoryOptions options)
    {
        CacheFormat keys = OptionWords.Memory.Named("--kv", () => CacheFormat.Find(parsed.GetValue(options.Keys)!));
        Gpu[] gpus = [.. parsed.GetValue(options.Gpu)!
            .SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries))
            .Select(name => name.Length > 0
                ? SoldMemory.Of(OptionWords.Memory.Named("--gpu", () => GpuCatalog.Load(name)), parsed.GetValue(options.Memory))
                : throw new CliException("--gpu: a name is empty; give a GPU, or several as A,B."))];
        PlacementQuestion placement = options.Placement.Of(parsed);
        if (gpus.Length > 1 && placement.Gpus is { } given && given != gpus.Length)
        {
            throw new CliException(
                $"--gpus: {gpus.Length} GPUs are named in --gpu; {given} is not their number. Leave --gpus out.");
        }

        if (gpus.Length > 1 && placement.Prefill.IsAsked)
        {
            throw new CliException("--gpu: one kind is right beside --prefill-gpus; --prefill-gpu names that of the other side.");
        }

        RequireBeside(parsed, options.LoraRank, options.Lora);
        RequireBeside(parsed, options.Share, options.Gpu);
        RequireBeside(parsed, options.Memory, options.Gpu);
        string? engine = parsed.GetValue(options.Engine);
        return new()
        {
            Weights = parsed.GetValue(options.Weights),
            Keys = keys,
            Values = parsed.GetValue(options.Values) is { } values
                ? OptionWords.Memory.Named("--kv-values", () => CacheFormat.Find(values)) : keys,
            Batch = parsed.GetValue(options.Batch),
            Context = parsed.GetValue(options.Context),
            Prompt = parsed.GetValue(options.Prompt),
            EncoderTokens = parsed.GetValue(options.EncoderTokens),
            ExtendsContext = parsed.GetValue(options.ExtendContext),
            Gpus = gpus,
            Placement = gpus.Length > 1 ? placement with { Gpus = gpus.Length } : placement,
            Engine = "none".Equals(engine, StringComparison.OrdinalIgnoreCase) ? "none" : engine,
            PassTokens = parsed.GetValue(options.PassTokens) is { } pass ? AtLeastOne("--pass-tokens", pass) : null,
            Sequences = parsed.GetValue(options.Sequences) is { } most ? AtLeastOne("--max-num-seqs", most) : null,
            Share = parsed.GetValue(options.Share) is not { } share ? null : share is > 0 and <= 1 ? share
                : throw new CliException(string.Create(CultureInfo.InvariantCulture,
                    $"--gpu-memory-utilization: above 0 and at most 1 is right; it is {share}.")),
            Draft = parsed.GetValue(options.Draft),
            DraftTokens = parsed.GetValue(options.DraftTokens) is { } drafts ? AtLeastOne("--draft-tokens", drafts) : null,
            Lora = parsed.GetValue(options.Lora) is { } lora ? AtLeastOne("--lora", lora) : null,
            LoraRank = AtLeastOne("--lora-rank", parsed.GetValue(options.LoraRank)),
            PrefixCache = parsed.GetValue(options.PrefixCache) is not { } tokens ? null : tokens > 0 ? tokens
                : throw new CliException($"--prefix-cache: 1 or more is needed; it is {tokens}."),
            Vision = parsed.GetValue(options.Vision),
            Machine = options.Local.Of(parsed),
        };
    }

    /// <summary>What the answer rests on that was not said.</summary>
    /// <param name="estimate">The answer.</param>
    /// <param name="named">The format that the model's name says.</param>
    public IEnumerable<string> Assumed(in MemoryEstimate estimate, WeightFormat? named)
    {
        List<string> assumed = [.. Machine.Unheeded];
        if (Engine is null && estimate.Engine is { } usual)
        {
            assumed.Add($"the engine {usual}, the usual one for the format{(Gpus.Count > 0 ? " on this GPU" : "")}");
        }

        if (Weights is null && estimate.Deployment.StoredWeights is null)
        {
            assumed.Add($"weights as {(named is null ? "the checkpoint's config" : "the model's name")} says: "
                + estimate.Deployment.Weights);
        }

        if (Context is null)
        {
            assumed.Add($"a context of {N(estimate.Workload.Context)} tokens");
        }

        if (Gpus.Count == 0)
        {
            assumed.Add("no GPU, so nothing is said to fit" + (estimate.Engine is not { } engine ? ""
                : engine.ByGpu.Count > 0 ? $", and {engine} has the settings of GPUs without a rule of their own "
                    + $"({Settings(engine)}); give --gpu for yours" : ""));
        }

        return assumed;
    }

    /// <summary>Refuses adapters that are wider than what they adapt.</summary>
    /// <exception cref="CliException">The rank exceeds the model's hidden size.</exception>
    public void RequireLora(ModelDefinition model)
    {
        if (Lora is not null && LoraRank > model.Architecture.HiddenSize)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture,
                $"--lora-rank: {LoraRank:N0} exceeds the hidden size of {model.Name}, {model.Architecture.HiddenSize:N0}."));
        }
    }

    /// <summary>What is asked of one model's deployment.</summary>
    /// <exception cref="CliException">Something cannot be.</exception>
    public Workload WorkloadOf(ModelDefinition model)
    {
        long context = Context ?? Math.Min(UsualContext, model.Architecture.ContextLength ?? UsualContext);
        long prompt = Prompt ?? context;
        return new(prompt, context >= prompt ? context - prompt
            : throw new CliException($"--prompt: at most --context ({N(context)}) is right; it is {N(prompt)}."), Batch)
        {
            EncoderTokens = EncoderTokens,
            ExtendsContext = ExtendsContext,
            // How many are accepted changes nothing that memory holds.
            Speculation = DraftTokens is { } drafts ? new(drafts, 1) : null,
        };
    }

    // An option that changes nothing without another.
    private static void RequireBeside(ParseResult parsed, Option option, Option other)
    {
        if (parsed.GetResult(option) is { Implicit: false } && parsed.GetResult(other) is null or { Implicit: true })
        {
            throw new CliException($"{option.Name}: {other.Name} is needed beside it.");
        }
    }

    private static string Settings(Engine engine)
    {
        string pass = engine.Pass.Tokens is { } tokens ? $"passes of {N(tokens)} tokens" : "one pass for the prompt";
        return engine.Pass.LogitRows == LogitRows.Fixed
            ? $"{pass}, a profile with {N(engine.Pass.FixedLogitRows)} sequences" : pass;
    }

    private static int AtLeastOne(string option, int value) =>
        value >= 1 ? value : throw new CliException($"{option}: 1 or more is needed; it is {value}.");
}
