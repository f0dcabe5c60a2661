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
    /// <exception cref="EstimateException">The GPU lacks a rate.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cache exceeds 2⁶³ − 1 bytes.</exception>
    public static CacheComparison Of(in InferenceEstimate estimate)
    {
        Deployment deployment = estimate.Deployment;
        // The bound knows no backends, and keeps nothing in system memory: all of it at the GPU's bandwidth is a bound still.
        Deployment bound = deployment with { Engine = EngineCatalog.Bound, Tensors = null, Backend = null };
        Workload one = estimate.Workload with { Requests = 1, CachedPromptTokens = 0, Speculation = null };
        var rates = Speed.Pass.ComputeRates.Of(estimate.Gpu, deployment.Weights, estimate.Engine.KnownSpeed().SumsInHalf);
        double rate = deployment.Weights.ElementBits switch
        {
            4 => rates.Four,
            8 => rates.Eight,
            _ => rates.Wide,
        };
        return new(deployment.Memory(one).KeyValueCache,
            GenerationTime.FullRecompute(deployment.Model.ActiveParameterCount(), one.Context, one.OutputTokens,
                rate * deployment.Gpus),
            bound.Speed(one).TotalTime.Expected, deployment.Speed(one).TotalTime.Expected);
    }
}
