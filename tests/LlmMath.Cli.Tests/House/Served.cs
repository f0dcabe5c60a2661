namespace LlmMath.Cli.Tests.House;

/// <summary>An engine of the catalog as both verbs know it, and what it serves.</summary>
/// <param name="Speed">The engine as speed knows it.</param>
/// <param name="Memory">The engine as memory knows it; null where weights and cache alone count.</param>
internal sealed record Served(EngineProfile Speed, EngineMemory? Memory)
{
    /// <summary>Every catalog model, made once.</summary>
    public static ModelDefinition[] Models { get; } = [.. ModelCatalog.Entries.Names.Select(ModelCatalog.Find)];

    /// <summary>Engines that both verbs know, and the bound.</summary>
    public static Served[] Both { get; } = [.. EngineCatalog.All
        .Select(engine => new Served(engine, EngineMemory.Of(engine)))
        .Where(engine => engine.Memory is not null || engine.Speed.Name == "reference")];

    /// <summary>The GPU on which it is asked about first.</summary>
    public Gpu Gpu => Memory?.SupportsGpu(GpuCatalog.H100Sxm80Gb) == false
        ? GpuCatalog.Find("apple-m4-max-40-core") : GpuCatalog.H100Sxm80Gb;

    /// <summary>What it loads.</summary>
    public IEnumerable<WeightFormat> Formats =>
        WeightFormat.All.Where(format => Memory?.Supports(format, CacheFormat.Bf16) ?? true);

    /// <summary>The setup in which memory answers what a workload asks of speed.</summary>
    public InferenceSetup Setup(WeightFormat weights, in InferenceWorkload workload, Gpu gpu) => new(weights)
    {
        Engine = Memory?.On(gpu),
        Batch = workload.Batch,
        Context = workload.PromptTokens + workload.OutputTokens,
        Parallelism = workload.Parallelism,
    };

    /// <summary>The longest workload of at most so many tokens that a model was made for, one token of it written.</summary>
    public static InferenceWorkload Longest(ModelDefinition model, long most, Parallelism? over = null)
    {
        int context = (int)Math.Min(most, model.Architecture.ContextLength ?? most);
        return new(context - 1, 1, over?.Data ?? 1) { Parallelism = over ?? new() };
    }
}
