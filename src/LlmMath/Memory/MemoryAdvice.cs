using LlmMath.Memory;
using static LlmMath.Basics.NumberText;

namespace LlmMath;

/// <summary>A change that makes an estimate smaller.</summary>
/// <param name="Change">What to change, in words.</param>
/// <param name="Deployment">The deployment changed so.</param>
/// <param name="Workload">The workload changed so.</param>
/// <param name="Saves">What the fullest GPU holds less.</param>
/// <param name="Fits">Whether it fits then.</param>
public sealed record MemoryAdvice(string Change, Deployment Deployment, Workload Workload, ByteSize Saves, bool Fits)
{
    // From the mildest to the harshest; each where the engine has it.
    private static readonly WeightFormat[] s_weights =
        [WeightFormat.Bf16, WeightFormat.Fp8, WeightFormat.Q8, WeightFormat.Awq4Bit128G, WeightFormat.Q4KM,
            WeightFormat.Find("mlx-4bit")];

    private static readonly CacheFormat[] s_caches = [CacheFormat.Fp8, CacheFormat.Q8, CacheFormat.Int8, CacheFormat.Q4];

    /// <summary>Changes to weights, cache, context, batch and number of GPUs that save something on the fullest GPU: those that
    /// make it fit first, of these the mildest first. Formats that the engine or the GPU lacks are not among them.</summary>
    /// <param name="estimate">The estimate, of a deployment that names its GPU.</param>
    /// <exception cref="EstimateException">The deployment names no GPU, or nobody sourced the GPU's memory.</exception>
    public static ValueList<MemoryAdvice> For(in MemoryEstimate estimate)
    {
        Deployment deployment = estimate.Deployment;
        Workload workload = estimate.Workload;
        Gpu gpu = deployment?.Gpu
            ?? throw new EstimateException(nameof(Deployment.Gpu), "the estimate's deployment names none.");
        // Advice keeps to the engine, where none was named too.
        Deployment on = deployment with { Engine = deployment.Engine ?? estimate.Engine };
        Engine? engine = estimate.Engine;
        ByteSize now = estimate.PerGpu;
        var advice = new List<MemoryAdvice>();
        void Try(string change, Deployment changed, Workload asked)
        {
            // Wider weights can have no size where narrower have one: no advice then.
            if (InferenceFold.TrySum(changed, asked.Load) is { } then && then.PerGpu < now.Bytes)
            {
                advice.Add(new(change, changed, asked, new(now.Bytes - then.PerGpu), then.Fits(engine, gpu)));
            }
        }

        foreach (WeightFormat weights in s_weights.Where(w =>
            (engine?.Loads(w) ?? true) && FormatSupport.Runs(w, engine, gpu)))
        {
            Try($"weights in {weights}", on with { Weights = weights }, workload);
        }

        foreach (CacheFormat cache in s_caches.Where(c => engine?.Caches(c) ?? true))
        {
            Try($"keys and values in {cache}", on with { Keys = cache, Values = cache }, workload);
        }

        if (on.LargestContext(workload) is { } context && context < workload.Context)
        {
            Try($"a context of {N(context)}", on,
                workload with { PromptTokens = context, OutputTokens = 0, CachedPromptTokens = 0 });
        }

        if (on.LargestBatch(workload) is { } batch && batch < workload.Requests)
        {
            Try($"a batch of {N(batch)}", on, workload with { Requests = batch });
        }

        if (on.SmallestGpus(workload) is { } over && over.Gpus > on.Placement.Gpus)
        {
            Try($"{N(over.Gpus)} GPUs ({over})", on with { Placement = over }, workload);
        }

        return [.. advice.OrderByDescending(option => option.Fits)];
    }
}
