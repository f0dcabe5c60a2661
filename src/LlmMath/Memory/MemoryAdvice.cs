using LlmMath.Memory;
using static LlmMath.Basics.NumberText;

namespace LlmMath;

/// <summary>A change that makes an estimate smaller.</summary>
/// <param name="Change">What to change, in words.</param>
/// <param name="Setup">The setup changed so.</param>
/// <param name="Saves">What the fullest GPU holds less.</param>
/// <param name="Fits">Whether it fits then.</param>
public sealed record MemoryAdvice(string Change, InferenceSetup Setup, ByteSize Saves, bool Fits)
{
    // From the mildest to the harshest; each where the engine has it.
    private static readonly WeightFormat[] s_weights =
        [WeightFormat.Bf16, WeightFormat.Fp8, WeightFormat.Q8, WeightFormat.Awq4Bit128G, WeightFormat.Q4KM,
            WeightFormat.Find("mlx-4bit")];

    private static readonly CacheFormat[] s_caches = [CacheFormat.Fp8, CacheFormat.Q8, CacheFormat.Int8, CacheFormat.Q4];

    /// <summary>Changes to weights, cache, context, batch and number of GPUs that save something on the fullest GPU: those that
    /// make it fit first, of these the mildest first. Formats that the engine or the GPU lacks are not among them.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">Nobody sourced the GPU's memory.</exception>
    public static ValueList<MemoryAdvice> For(in MemoryEstimate estimate, Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        ModelDefinition model = estimate.Model;
        MemoryEstimate there = estimate.On(gpu);
        InferenceSetup setup = there.Setup;
        ByteSize now = there.PerGpu;
        var advice = new List<MemoryAdvice>();
        void Try(string change, InferenceSetup changed)
        {
            // Wider weights can have no size where narrower have one: no advice then.
            if (InferenceFold.TrySum(model, changed) is { } then && then.PerGpu < now)
            {
                advice.Add(new(change, changed, new(now.Bytes - then.PerGpu.Bytes), then.FitsOn(gpu)));
            }
        }

        foreach (WeightFormat weights in s_weights.Where(w =>
            (setup.Engine?.Loads(w) ?? true) && FormatSupport.Runs(w, setup.Engine, gpu)))
        {
            Try($"weights in {weights}", setup with { Weights = weights });
        }

        foreach (CacheFormat cache in s_caches.Where(c => setup.Engine?.Caches(c) ?? true))
        {
            Try($"keys and values in {cache}", setup with { Keys = cache, Values = cache });
        }

        if (model.LargestContext(setup, gpu) is { } context && context < setup.Context)
        {
            Try($"a context of {N(context)}", setup with { Context = context, PromptTokens = null });
        }

        if (model.LargestBatch(setup, gpu) is { } batch && batch < setup.Batch)
        {
            Try($"a batch of {N(batch)}", setup with { Batch = batch });
        }

        if (model.SmallestGpus(setup, gpu) is { } over && over.Gpus > setup.Parallelism.Gpus)
        {
            Try($"{N(over.Gpus)} GPUs ({over})", setup with { Parallelism = over });
        }

        return [.. advice.OrderByDescending(option => option.Fits)];
    }
}
