using LlmMath.Memory;

namespace LlmMath;

/// <summary>What inference takes, over all GPUs of all replicas. The parts add up to <see cref="Total"/>.</summary>
public readonly record struct MemoryEstimate
{
    internal MemoryEstimate(ModelDefinition model, in InferenceSetup setup) => (Model, Setup) = (model, setup);

    /// <summary>The model.</summary>
    public ModelDefinition Model { get; }

    /// <summary>What was asked.</summary>
    public InferenceSetup Setup { get; }

    /// <summary>Weights, with what every GPU holds again.</summary>
    public ByteSize Weights { get; internal init; }

    /// <summary>Cached keys, values and states of all sequences at their full context.</summary>
    public ByteSize KeyValueCache { get; internal init; }

    /// <summary>The peak of activations; 0 without an engine.</summary>
    public ByteSize Activations { get; internal init; }

    /// <summary>Context, graphs and communication buffers; 0 without an engine.</summary>
    public ByteSize Runtime { get; internal init; }

    /// <summary>What is held beside the model.</summary>
    public ByteSize Additions { get; internal init; }

    /// <summary>What the fullest GPU holds.</summary>
    public ByteSize PerGpu { get; internal init; }

    /// <summary>The sum of the parts.</summary>
    public ByteSize Total => Weights + KeyValueCache + Activations + Runtime + Additions;

    /// <summary>The sum with the range that the engine's residuals and runtime leave; exact without an engine.</summary>
    public ByteRange TotalRange
    {
        get
        {
            ByteSize total = Total;
            return Setup.Engine is { } engine
                ? new(new((long)(total.Bytes * engine.Spread.Low)), total, new((long)(total.Bytes * engine.Spread.High)))
                : new(total, total, total);
        }
    }

    /// <summary>Whether each of so many GPUs of a kind has the memory. Usable memory counts, not nominal, and of it the engine's
    /// share.</summary>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">Nobody sourced the GPU's memory.</exception>
    public bool FitsOn(Gpu gpu) => Fit(gpu).Fits;

    /// <summary>Whether it fits GPUs of different size: each holds as much as the fullest, so the smallest decides.</summary>
    /// <param name="gpus">As many GPUs as the setup is laid over.</param>
    /// <exception cref="ArgumentException">Their number is not the setup's, or nobody sourced the memory of one.</exception>
    public bool FitsOn(IReadOnlyList<Gpu> gpus) => Fit(gpus).Fits;

    /// <summary>Need and room on a kind of GPU.</summary>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">Nobody sourced the GPU's memory.</exception>
    public MemoryFit Fit(Gpu gpu) => MemoryFit.Of(PerGpu, gpu, Setup.Engine);

    /// <summary>Need and room on GPUs of different size: the smallest decides.</summary>
    /// <param name="gpus">As many GPUs as the setup is laid over.</param>
    /// <exception cref="ArgumentException">Their number is not the setup's, or nobody sourced the memory of one.</exception>
    public MemoryFit Fit(IReadOnlyList<Gpu> gpus)
    {
        ArgumentNullException.ThrowIfNull(gpus);
        if (gpus.Count != Setup.Parallelism.Gpus)
        {
            throw new ArgumentException($"{gpus.Count} GPUs were given; the setup is laid over {Setup.Parallelism.Gpus}.",
                nameof(gpus));
        }

        MemoryFit tightest = Fit(gpus[0]);
        foreach (Gpu gpu in gpus)
        {
            MemoryFit fit = Fit(gpu);
            tightest = fit.Room < tightest.Room ? fit : tightest;
        }

        return gpus.Any(gpu => gpu.Name != gpus[0].Name)
            ? tightest with { Warning = $"GPUs of different kinds: each holds an equal share, so {tightest.Gpu.Name} decides for all." }
            : tightest;
    }

    /// <summary>The working, line by line; the last line's total is <see cref="Total"/>.</summary>
    public ValueList<DerivationLine> Explain() => MemoryDerivation.Of(this);
}
