namespace LlmMath.Tests.Memory;

/// <summary>A question of memory in one piece, of which tests change one thing at a time: without an engine, weights and cache
/// alone.</summary>
internal readonly record struct MemoryQuestion(WeightFormat Weights)
{
    public ByteSize? StoredWeights { get; init; }

    public CacheFormat Keys { get; init; } = CacheFormat.Bf16;

    public CacheFormat Values { get => field ?? Keys; init; }

    public int Batch { get; init; } = 1;

    public long Context { get; init; } = 1;

    public long? PromptTokens { get; init; }

    public long EncoderTokens { get; init; }

    public bool ExtendsContext { get; init; }

    public Engine? Engine { get; init; }

    public Parallelism Parallelism { get; init; } = new();

    public ValueList<MemoryAddition> Additions { get => field ?? []; init; }

    public Workload Workload => new(PromptTokens ?? Context, Context - (PromptTokens ?? Context), Batch)
    {
        EncoderTokens = EncoderTokens, ExtendsContext = ExtendsContext,
    };

    public Deployment Of(ModelDefinition model, Gpu? gpu = null) => new(model, gpu, Engine, Weights)
    {
        StoredWeights = StoredWeights, Keys = Keys, Values = Values, Placement = Parallelism, Additions = Additions,
    };
}

/// <summary>Puts the question to a model.</summary>
internal static class MemoryQuestions
{
    public static MemoryEstimate InferenceMemory(this ModelDefinition model, MemoryQuestion asked) =>
        asked.Of(model).Memory(asked.Workload);

    public static long? LargestContext(this ModelDefinition model, MemoryQuestion asked, Gpu gpu) =>
        asked.Of(model, gpu).LargestContext(asked.Workload);

    public static int? LargestBatch(this ModelDefinition model, MemoryQuestion asked, Gpu gpu) =>
        asked.Of(model, gpu).LargestBatch(asked.Workload);

    public static Parallelism? SmallestGpus(this ModelDefinition model, MemoryQuestion asked, Gpu gpu) =>
        asked.Of(model, gpu).SmallestGpus(asked.Workload);

    public static LayerOffload GpuLayers(this ModelDefinition model, MemoryQuestion asked, Gpu gpu) =>
        (asked with { Engine = asked.Engine ?? EngineCatalog.Bound }).Of(model, gpu).GpuLayers(asked.Workload);

    public static ValueList<MemoryAdvice> AdviceFor(MemoryEstimate e, Gpu gpu) =>
        MemoryAdvice.For((e.Deployment with { Gpu = gpu }).Memory(e.Workload));
}
