using LlmMath.Architectures;
using LlmMath.Memory;

namespace LlmMath;

/// <summary>How far a model goes on given GPUs.</summary>
public static class MemoryLimits
{
    // Beyond what any model was made for, and any engine serves at once.
    private const long MostContext = 1L << 27;
    private const int MostBatch = BatchRoom.Most;
    private static readonly int[] s_tensorDegrees = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>The largest context that fits, at most what the model was made for unless
    /// <see cref="InferenceSetup.ExtendsContext"/> says otherwise; null where not even one token does. Found by halving: memory
    /// grows with the context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="setup">What is asked; its context and prompt do not matter.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">The setup holds something that cannot be, or nobody sourced the GPU's
    /// memory.</exception>
    public static long? LargestContext(this ModelDefinition model, in InferenceSetup setup, Gpu gpu) =>
        LargestContext(model, On(setup, gpu), estimate => estimate.FitsOn(gpu));

    /// <summary>The largest context that fits GPUs of different size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="setup">What is asked; its context and prompt do not matter.</param>
    /// <param name="gpus">As many GPUs as the setup is laid over.</param>
    /// <exception cref="ArgumentException">The setup holds something that cannot be, or nobody sourced a GPU's
    /// memory.</exception>
    public static long? LargestContext(this ModelDefinition model, in InferenceSetup setup, IReadOnlyList<Gpu> gpus) =>
        LargestContext(model, On(setup, gpus), estimate => estimate.FitsOn(gpus));

    /// <summary>The largest batch that fits at the setup's context, at most 1,048,576; null where not even one sequence
    /// does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="setup">What is asked; its batch does not matter.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">The setup holds something that cannot be, or nobody sourced the GPU's
    /// memory.</exception>
    public static int? LargestBatch(this ModelDefinition model, in InferenceSetup setup, Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(model);
        InferenceSetup asked = On(setup, gpu) with { Batch = 1 };
        asked.Check(model.Architecture);
        return BatchRoom.Of(model, asked, gpu) is > 0 and int batch
            ? (int)Math.Min(MostBatch, (long)batch * setup.Parallelism.Data)
            : null;
    }

    /// <summary>The largest batch that fits GPUs of different size at the setup's context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="setup">What is asked; its batch does not matter.</param>
    /// <param name="gpus">As many GPUs as the setup is laid over.</param>
    /// <exception cref="ArgumentException">The setup holds something that cannot be, or nobody sourced a GPU's
    /// memory.</exception>
    public static int? LargestBatch(this ModelDefinition model, in InferenceSetup setup, IReadOnlyList<Gpu> gpus) =>
        LargestBatch(model, On(setup, gpus), estimate => estimate.FitsOn(gpus));

    /// <summary>The fewest GPUs of a kind that hold it, at most 512: tensor parallelism first as far as heads and eight GPUs of a
    /// node allow, then stages; null where there are none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="setup">What is asked; its parallelism does not matter.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">The setup holds something that cannot be, or nobody sourced the GPU's
    /// memory.</exception>
    public static Parallelism? SmallestGpus(this ModelDefinition model, in InferenceSetup setup, Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(model);
        InferenceSetup asked = On(setup, gpu) with { Parallelism = new() };
        asked.Check(model.Architecture);
        // Together the GPUs hold all weights, but for a byte of each by rounding: where these alone exceed the room of all,
        // nothing need be tried.
        long weights = InferenceFold.TrySum(model, asked)?.PerGpuWeights.Bytes ?? 0;
        long room = MemoryFit.RoomFor(asked.Engine, gpu).Bytes;
        int[] tensorDegrees = asked.Engine is { SplitsByLayer: true } ? [1] : s_tensorDegrees;
        return tensorDegrees
            .SelectMany(tensor => Enumerable.Range(1, 64).Select(pipeline =>
                new Parallelism { Tensor = tensor, Pipeline = pipeline }))
            .Where(over => over.Gpus <= 512 && (weights / over.Gpus) - 1 <= room && over.Allows(model.Architecture))
            .OrderBy(over => over.Gpus).ThenBy(over => over.Tensor > 8).ThenBy(over => over.Pipeline)
            .Where(over => FirstStageFits(model.Architecture, asked with { Parallelism = over }, room)
                && Fits(model, asked with { Parallelism = over }, estimate => estimate.FitsOn(gpu)))
            .Select(over => (Parallelism?)over)
            .FirstOrDefault();
    }

    // Where the first stage alone is too large, the others need not be looked at.
    private static bool FirstStageFits(Architecture a, in InferenceSetup setup, long room)
    {
        try
        {
            return InferenceFold.Part(a, setup, InferenceFold.StageOf(a, setup, 0), setup.Batch).Bytes <= room;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    // The engine as it runs there, once for the whole search.
    private static InferenceSetup On(in InferenceSetup setup, Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        return setup.On(gpu);
    }

    private static InferenceSetup On(in InferenceSetup setup, IReadOnlyList<Gpu> gpus)
    {
        ArgumentNullException.ThrowIfNull(gpus);
        return gpus.Count > 0 ? On(setup, gpus[0]) : setup;
    }

    private static long? LargestContext(ModelDefinition model, InferenceSetup setup, Func<MemoryEstimate, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(model);
        InferenceSetup asked = setup with { PromptTokens = null, Context = 1 };
        asked.Check(model.Architecture);
        long most = setup.ExtendsContext ? MostContext : model.Architecture.ContextLength ?? MostContext;
        return Largest(most, context => Fits(model, asked with { Context = context }, fits));
    }

    private static int? LargestBatch(ModelDefinition model, InferenceSetup setup, Func<MemoryEstimate, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(model);
        InferenceSetup asked = setup with { Batch = 1 };
        asked.Check(model.Architecture);
        return (int?)Largest(MostBatch, batch => Fits(model, asked with { Batch = (int)batch }, fits));
    }

    // What exceeds 2⁶³ − 1 bytes does not fit.
    private static bool Fits(ModelDefinition model, in InferenceSetup setup, Func<MemoryEstimate, bool> fits) =>
        InferenceFold.TrySum(model, setup) is { } estimate && fits(estimate);

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
