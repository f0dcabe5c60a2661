using LlmMath.Architectures;

namespace LlmMath;

/// <summary>What a cache of keys and values costs and saves: one request, answered with and without it.</summary>
/// <param name="CacheBytes">Bytes that the cache holds at the end of the answer.</param>
/// <param name="Recomputed">The naive bound without a cache: <see cref="GenerationTime.FullRecompute"/>, each token over the
/// prompt and the whole answer, one operation for each parameter that a token uses, at the peak rate of its weights.</param>
/// <param name="CachedBound">The bound with one: every weight and cached byte read at the peak bandwidth, every product at the
/// peak rate.</param>
/// <param name="Cached">What the engine is expected to take with one.</param>
public sealed record CacheComparison(ByteSize CacheBytes, TimeSpan Recomputed, TimeSpan CachedBound, TimeSpan Cached)
{
    /// <summary>Compares for one request of an estimate's workload.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <exception cref="ArgumentException">The GPU lacks a rate.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cache exceeds 2⁶³ − 1 bytes.</exception>
    public static CacheComparison Of(in InferenceEstimate estimate)
    {
        InferenceWorkload one = estimate.Workload with { Batch = 1, CachedPromptTokens = 0, Speculation = null };
        ModelDefinition model = estimate.Model;
        Architecture architecture = model.Architecture;
        int gpus = one.Parallelism.Gpus;
        long context = (long)one.PromptTokens + one.OutputTokens;
        Speed.Operators.ComputeRates rates = Speed.Operators.ComputeRates.Of(estimate.Gpu, estimate.Weights, estimate.Engine.KnownSpeed().SumsInHalf);
        double rate = estimate.Weights.ElementBits switch
        {
            4 => rates.Four,
            8 => rates.Eight,
            _ => rates.Wide,
        };
        InferenceEstimate bound = model.EstimateInference(estimate.Gpu, EngineCatalog.Bound, one, estimate.Weights);
        InferenceEstimate cached = model.EstimateInference(estimate.Gpu, estimate.Engine, one, estimate.Weights);
        MemoryEstimate memory = model.InferenceMemory(
            InferenceSpeed.Setup(estimate.Gpu, estimate.Engine, one, estimate.Weights));
        return new(memory.KeyValueCache,
            GenerationTime.FullRecompute(model.ActiveParameterCount(), context, one.OutputTokens, rate * gpus),
            bound.TotalTime.Expected, cached.TotalTime.Expected);
    }
}
