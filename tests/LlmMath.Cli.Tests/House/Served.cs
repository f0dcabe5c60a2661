namespace LlmMath.Cli.Tests.House;

/// <summary>An engine of the catalog, and what it serves.</summary>
/// <param name="Engine">The engine.</param>
internal sealed record Served(Engine Engine)
{
    /// <summary>Every catalog model, made once.</summary>
    public static ModelDefinition[] Models { get; } = [.. ModelCatalog.Entries.Names.Select(ModelCatalog.Find)];

    /// <summary>Those whose speed on an engine is known: every layer is of a kind that some engine was measured with.</summary>
    public static ModelDefinition[] Measured { get; } = [.. Models.Where(model => !model.Architecture.Blocks.Any(block =>
        block.Mixers.Any(mixer => mixer.Work.Overhead == MixerOverhead.Unmeasured)))];

    /// <summary>Engines that both verbs know, and the bound.</summary>
    public static Served[] Both { get; } = [.. EngineCatalog.All
        .Where(engine => engine.Speed is not null && (engine.Memory is not null || engine.Name == "bound"))
        .Select(engine => new Served(engine))];

    /// <summary>The GPU on which it is asked about first.</summary>
    public Gpu Gpu => Engine.SupportsGpu(GpuCatalog.H100Sxm80Gb)
        ? GpuCatalog.H100Sxm80Gb : GpuCatalog.Find("apple-m4-max-40-core");

    /// <summary>The models whose speed on it is known.</summary>
    public ModelDefinition[] Answered => Engine.Name == "bound" ? Models
        : Engine.Speed?.Kernels is null ? Measured
        : [.. Models.Where(model => !model.Architecture.Blocks.Any(block => block.Mixers.Any(mixer =>
            mixer.Work.Overhead == MixerOverhead.Unmeasured && !mixer.Kernel.IsKnownAlone)))];

    /// <summary>What it loads.</summary>
    public IEnumerable<WeightFormat> Formats =>
        WeightFormat.All.Where(format => Engine.Supports(format, CacheFormat.Bf16));

    /// <summary>The longest workload of at most so many tokens that a model was made for, one token of it written.</summary>
    public static Workload Longest(ModelDefinition model, long most, Parallelism? over = null) =>
        new(Math.Min(most, model.Architecture.ContextLength ?? most) - 1, 1, over?.Data ?? 1);
}
