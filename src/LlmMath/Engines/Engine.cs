using LlmMath.Engines;

namespace LlmMath;

/// <summary>
/// A serving engine: the facts that memory and speed share, what it takes beside weights and cache (<see cref="Memory"/>), and
/// how fast it was measured to be (<see cref="Speed"/>). Every engine is a file of <c>catalog/engines</c>; what a run sets
/// differently, <c>with</c> changes.
/// </summary>
public sealed partial record Engine
{
    /// <summary>Its usual name, in lower case: <c>llama.cpp</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name as people write it: <c>vLLM</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Other spellings that find it: <c>llama-cpp</c>.</summary>
    public ValueList<string> Aliases { get; init; } = [];

    /// <summary>Its place among the engines that <c>EngineCatalog.UsualFor</c> tries, 1 first; null where it is used only
    /// when it is named.</summary>
    public int? Rank { get; init; }

    /// <summary>On which GPUs it runs; on all unless stated.</summary>
    public GpuCondition RunsOn { get; init; } = GpuCondition.Any;

    /// <summary>Which formats it loads, and what it does with the weights.</summary>
    public LoadPolicy Load { get; init; } = new();

    /// <summary>How large one forward pass is.</summary>
    public PassPolicy Pass { get; init; } = new();

    /// <summary>How it lays out the cache.</summary>
    public CachePolicy Cache { get; init; } = new();

    /// <summary>Whether it gives each GPU a run of layers instead of a share of every layer.</summary>
    public bool SplitsByLayer { get; init; }

    /// <summary>The share of a GPU's memory that it takes at most, above 0 to 1; it reserves all of it for the cache.</summary>
    public double MemoryShare { get; init; } = 1;

    /// <summary>Whether that share is of what weights, activations and runtime leave free, and for the cache alone; else it is of
    /// the whole memory, and all must stand within it.</summary>
    public bool TakesShareOfFree { get; init; }

    /// <summary>How the share follows from the GPU, where it is not set; null where it is <see cref="MemoryShare"/>.</summary>
    public StaticShare? Static { get; init; }

    /// <summary>Whether <see cref="MemoryShare"/> is of weights and cache alone, activations and runtime lying beyond
    /// it.</summary>
    public bool KeepsActivationsBeyondShare { get; init; }

    /// <summary>Whether GPUs of their own can read prompts for it and send the cache to those that write.</summary>
    public bool Disaggregates { get; init; }

    /// <summary>What differs on some GPUs; the first entry that fits a GPU counts. Empty once <see cref="On"/> was told the
    /// GPU.</summary>
    public ValueList<EngineOnGpu> ByGpu { get; init; } = [];

    /// <summary>What it takes beside weights and cache; null where that is not known.</summary>
    public EngineMemory? Memory { get; init; }

    /// <summary>Why <see cref="Memory"/> is not known; null where it is.</summary>
    public string? MemoryUnknown { get; init; }

    /// <summary>How fast it was measured to be; null where that is not known.</summary>
    public EngineSpeed? Speed { get; init; }

    /// <summary>Why <see cref="Speed"/> is not known; null where it is.</summary>
    public string? SpeedUnknown { get; init; }

    /// <summary>How it trains; null where it serves requests.</summary>
    public EngineTraining? Training { get; init; }

    /// <summary>Where the facts that memory and speed share were read.</summary>
    public ValueList<string> Sources { get; init; } = [];

    /// <summary>The engine as it runs on a kind of GPU. Estimates that are told the GPU do this by themselves. What is set on the
    /// result stays: <c>engine.On(gpu) with { … }</c>.</summary>
    /// <param name="gpu">The GPU.</param>
    public Engine On(Gpu gpu) => DifferenceOn(gpu) is not { } differs ? this
        : this with
        {
            Pass = Pass with
            {
                Tokens = differs.PassTokens ?? Pass.Tokens,
                FixedLogitRows = differs.FixedLogitRows ?? Pass.FixedLogitRows,
            },
            MemoryShare = differs.MemoryShare ?? MemoryShare,
            Memory = differs.Runtime is { } runtime && Memory is { } memory
                ? memory with { Reserve = memory.Reserve with { Runtime = runtime } }
                : Memory,
            ByGpu = [],
        };

    /// <summary>The engine with passes of another size, on every GPU: vLLM's <c>max_num_batched_tokens</c>, SGLang's
    /// <c>chunked_prefill_size</c>, llama.cpp's <c>n_ubatch</c>.</summary>
    /// <param name="tokens">The most tokens of one forward pass, 1 to 2³¹ − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public Engine WithPass(int tokens) => tokens < 1
        ? throw new ArgumentOutOfRangeException(nameof(tokens), tokens, "1 or more tokens are needed.")
        : this with
        {
            Pass = Pass with { Tokens = tokens },
            ByGpu = [.. ByGpu.Select(entry => entry with { PassTokens = null })],
        };

    /// <summary>The engine with another share of the memory, on every GPU: vLLM's <c>gpu_memory_utilization</c>, SGLang's
    /// <c>mem_fraction_static</c>, TensorRT-LLM's <c>free_gpu_memory_fraction</c>.</summary>
    /// <param name="share">Above 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public Engine WithShare(double share) => share is > 0 and <= 1
        ? this with { MemoryShare = share, Static = null, ByGpu = [.. ByGpu.Select(entry => entry with { MemoryShare = null })] }
        : throw new ArgumentOutOfRangeException(nameof(share), share, "A share above 0 to 1 is needed.");

    /// <summary>The engine as it runs on GPUs of a kind that share a model so: with what it does differently there, its static
    /// share found, and its pass divided over replicas of attention, where it does that.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="gpus">GPUs of a replica.</param>
    /// <param name="replicas">Replicas of attention that share the experts.</param>
    internal Engine RunningOn(Gpu gpu, int gpus, int replicas)
    {
        Engine on = On(gpu);
        if (on.Pass is { IsDivided: true, Tokens: { } tokens } && replicas > 1)
        {
            on = on with { Pass = on.Pass with { Tokens = Math.Max(1, tokens / replicas), IsDivided = false } };
        }

        return on.Static is not { } share || (gpu.UsableMemory ?? gpu.Memory) is not { } memory ? on : on with
        {
            MemoryShare = share.Of(memory, on.Pass.Tokens ?? 0, gpus),
            Static = null,
        };
    }

    /// <summary>The engine as a release reaches it.</summary>
    /// <param name="version">One of the speed's <see cref="EngineSpeed.Releases"/>.</param>
    /// <exception cref="EstimateException">No release of it is known by that version.</exception>
    public Engine At(string version) => this with { Speed = KnownSpeed().At(version, Name) };

    /// <summary>Whether it runs on a kind of GPU.</summary>
    /// <param name="gpu">The GPU.</param>
    public bool SupportsGpu(Gpu gpu) => RunsOn.Matches(gpu);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>The most tokens of one forward pass on a GPU; null where prompts are read whole.</summary>
    internal int? PassTokensOn(Gpu gpu) => DifferenceOn(gpu)?.PassTokens ?? Pass.Tokens;

    /// <summary>The share of a GPU's memory that it takes there.</summary>
    internal double MemoryShareOn(Gpu gpu) => DifferenceOn(gpu)?.MemoryShare ?? MemoryShare;

    /// <summary>Its speed.</summary>
    /// <exception cref="EstimateException">It is not known; the error says why.</exception>
    internal EngineSpeed KnownSpeed() => Speed ?? throw new EstimateException("Engine",
        $"how fast {Name} is, is not known: {SpeedUnknown ?? "its definition has no speed section"}.");

    /// <summary>Why its memory is not known, as a sentence; null where it is known.</summary>
    internal string? LacksMemory() => Memory is not null ? null
        : $"what {Name} takes beside weights and cache is not in the need: "
            + $"{MemoryUnknown ?? "its definition has no memory section"}.";

    /// <summary>What it does differently on a GPU; null where nothing is.</summary>
    internal EngineOnGpu? DifferenceOn(Gpu gpu)
    {
        foreach (EngineOnGpu entry in ByGpu)
        {
            if (entry.Gpu.Matches(gpu))
            {
                return entry;
            }
        }

        return null;
    }
}
