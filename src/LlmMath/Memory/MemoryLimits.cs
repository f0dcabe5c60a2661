using LlmMath.Architectures;
using LlmMath.Memory;
using LlmMath.Placement;
using LlmMath.Placement.Shards;

namespace LlmMath;

/// <summary>How far a deployment goes on its GPUs.</summary>
public static class MemoryLimits
{
    // Beyond what any model was made for, and any engine serves at once.
    private const long MostContext = 1L << 27;
    private const int MostBatch = BatchRoom.Most, MostGpus = 512, MostStages = 64;
    private static readonly int[] s_tensorDegrees = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>The longest context that fits, all of it read as a prompt, at most what the model was made for unless
    /// <see cref="Workload.ExtendsContext"/> says otherwise; null where not even one token does. Found by halving: memory grows
    /// with the context.</summary>
    /// <param name="deployment">What serves, with its GPU.</param>
    /// <param name="workload">What is asked; its prompt and answer do not matter.</param>
    /// <exception cref="EstimateException">Something cannot be, the deployment names no GPU, or nobody sourced the GPU's
    /// memory.</exception>
    public static long? LargestContext(this Deployment deployment, Workload workload)
    {
        Gpu gpu = GpuOf(deployment);
        return LargestContext(deployment, workload, (on, load) =>
            InferenceFold.TrySum(on, load) is { } sums && sums.Fits(on.Engine, gpu));
    }

    /// <summary>The longest context that fits GPUs of different size.</summary>
    /// <param name="deployment">What serves; its GPU does not matter.</param>
    /// <param name="workload">What is asked; its prompt and answer do not matter.</param>
    /// <param name="gpus">As many GPUs as it is laid over.</param>
    /// <exception cref="EstimateException">Something cannot be, or nobody sourced a GPU's memory.</exception>
    public static long? LargestContext(this Deployment deployment, Workload workload, IReadOnlyList<Gpu> gpus)
    {
        Deployment there = On(deployment, gpus);
        return LargestContext(there, workload, (_, load) => Fits(there, workload, load, gpus));
    }

    /// <summary>The most requests that fit at the workload's context, at most 1,048,576; null where not even one does.</summary>
    /// <param name="deployment">What serves, with its GPU.</param>
    /// <param name="workload">What is asked; its requests do not matter.</param>
    /// <exception cref="EstimateException">Something cannot be, the deployment names no GPU, or nobody sourced the GPU's
    /// memory.</exception>
    public static int? LargestBatch(this Deployment deployment, Workload workload)
    {
        GpuOf(deployment);
        SequenceLoad one = One(deployment, workload);
        return Placed(deployment) is { } on && BatchRoom.Of(on, one) is > 0 and int batch
            ? (int)Math.Min(MostBatch, (long)batch * deployment.Placement.Data)
            : null;
    }

    /// <summary>The most requests that fit GPUs of different size at the workload's context.</summary>
    /// <param name="deployment">What serves; its GPU does not matter.</param>
    /// <param name="workload">What is asked; its requests do not matter.</param>
    /// <param name="gpus">As many GPUs as it is laid over.</param>
    /// <exception cref="EstimateException">Something cannot be, or nobody sourced a GPU's memory.</exception>
    public static int? LargestBatch(this Deployment deployment, Workload workload, IReadOnlyList<Gpu> gpus)
    {
        Deployment there = On(deployment, gpus);
        SequenceLoad one = One(there, workload);
        return (int?)Largest(MostBatch, batch => Fits(there, workload, one with { Requests = (int)batch }, gpus));
    }

    /// <summary>The fewest GPUs that hold it, at most 512: tensor parallelism first as far as heads and the GPUs of a node allow,
    /// then stages; null where there are none.</summary>
    /// <param name="deployment">What serves, with its GPU; its placement does not matter.</param>
    /// <param name="workload">What is asked.</param>
    /// <exception cref="EstimateException">Something cannot be, the deployment names no GPU, or nobody sourced the GPU's
    /// memory.</exception>
    public static Parallelism? SmallestGpus(this Deployment deployment, Workload workload)
    {
        Gpu gpu = GpuOf(deployment);
        Deployment one = deployment with { Placement = new() };
        Architecture a = one.Model.Architecture;
        workload.Check(a.ContextLength);
        SequenceLoad load = workload.Load;
        // Together the GPUs hold all weights, but for a byte of each by rounding: where these alone exceed the room of all,
        // nothing need be tried.
        long weights = InferenceFold.TrySum(one, load)?.Fullest.Weights ?? 0,
            room = MemoryFit.RoomFor(one.EffectiveEngine, gpu).Bytes;
        int[] tensorDegrees = one.EffectiveEngine is { SplitsByLayer: true } ? [1] : s_tensorDegrees;
        return tensorDegrees
            .SelectMany(tensor => Enumerable.Range(1, MostStages).Select(pipeline =>
                new Parallelism { Tensor = tensor, Pipeline = pipeline }))
            .Where(over => over.Gpus <= MostGpus && (weights / over.Gpus) - 1 <= room && over.Allows(a))
            .OrderBy(over => over.Gpus).ThenBy(over => over.Tensor > one.Node.Gpus).ThenBy(over => over.Pipeline)
            .Where(over => FirstStageFits(one, over, load, room) && Fits(one with { Placement = over }, load, gpu))
            .Select(over => (Parallelism?)over)
            .FirstOrDefault();
    }

    // Where the first stage alone is too large, the others need not be looked at.
    private static bool FirstStageFits(Deployment one, Parallelism over, in SequenceLoad load, long room)
    {
        try
        {
            PlacedModel on = one.Placed;
            Stage first = on.At(PlacedModel.ShardOf(one with { Placement = over }, on.Engine, 0));
            return first.Weights <= room
                && InferenceFold.Part(on, first, load, load.Requests).Bytes <= room;
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            return false;
        }
    }

    private static Gpu GpuOf(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        Gpu gpu = deployment.Gpu ?? throw new EstimateException(nameof(deployment.Gpu),
            "the deployment names none.", "Make it with deployment with { Gpu = … }.");
        _ = MemoryFit.Usable(gpu);
        return gpu;
    }

    private static Deployment On(Deployment deployment, IReadOnlyList<Gpu> gpus)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(gpus);
        return gpus.Count == deployment.Placement.Gpus ? deployment with { Gpu = gpus[0] }
            : throw new EstimateException("Gpus",
                $"{gpus.Count} GPUs were given; the model is laid over {deployment.Placement.Gpus}.");
    }

    private static SequenceLoad One(Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        Workload one = workload with { Requests = 1 };
        one.Check(deployment.Model.Architecture.ContextLength);
        return one.Load;
    }

    private static long? LargestContext(
        Deployment deployment, Workload workload, Func<PlacedModel, SequenceLoad, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(workload);
        Workload shortest = workload with { PromptTokens = 1, OutputTokens = 0, CachedPromptTokens = 0 };
        shortest.Check(deployment.Model.Architecture.ContextLength);
        long most = workload.ExtendsContext ? MostContext : deployment.Model.Architecture.ContextLength ?? MostContext;
        SequenceLoad load = shortest.Load;
        return Placed(deployment) is not { } on ? null
            : Largest(most, context => fits(on, load with { Context = context, Prompt = context }));
    }

    // Null where it has no sizes: that fits nothing.
    private static PlacedModel? Placed(Deployment deployment)
    {
        try
        {
            return deployment.Placed;
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            return null;
        }
    }

    private static bool Fits(Deployment deployment, in SequenceLoad load, Gpu gpu) =>
        InferenceFold.TrySum(deployment, load) is { } sums
        && sums.Fits(deployment.Placed.Engine, gpu);

    // What exceeds 2⁶³ − 1 bytes does not fit.
    private static bool Fits(Deployment deployment, Workload workload, SequenceLoad load, IReadOnlyList<Gpu> gpus) =>
        InferenceFold.TrySum(deployment, load) is not null && MixedGpus.Fit(deployment,
            workload with
            {
                PromptTokens = load.Prompt, OutputTokens = load.Context - load.Prompt, CachedPromptTokens = 0,
                Requests = load.Requests,
            }, gpus).Fits;

    private static long? Largest(long most, Func<long, bool> fits)
    {
        if (!fits(1))
        {
            return null;
        }

        long low = 1, high = most;
        while (low < high)
        {
            long middle = high - ((high - low) / 2);
            if (fits(middle))
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
