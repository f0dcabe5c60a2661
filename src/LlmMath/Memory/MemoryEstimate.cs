using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Memory;
using LlmMath.Placement;

namespace LlmMath;

/// <summary>What inference takes, over all GPUs of all replicas. The parts add up to <see cref="Total"/>.</summary>
public readonly record struct MemoryEstimate
{
    internal MemoryEstimate(PlacedModel on, Workload workload, in MemorySums sums)
    {
        (Deployment, Workload, Engine) = (on.Of, workload, on.Engine);
        Weights = new(sums.Weights);
        KeyValueCache = new(sums.Cache);
        State = new(on.State);
        KeyValueBytesPerToken = new(on.PerToken);
        KeyValueBytesPerTokenBeyondWindows = new(on.PerTokenBeyondWindows);
        Activations = new(sums.Activations);
        Runtime = new(sums.Gpus * sums.Runtime);
        Additions = new(sums.Gpus * sums.Additions);
        PerGpu = new(sums.PerGpu);
        PerGpuWeights = new(sums.Fullest.Weights);
        PerGpuCache = new(sums.Fullest.Cache);
        PerGpuBeyond = sums.Fullest.Activations + sums.Runtime;
        RotaryTable = new(sums.Gpus * on.RotaryTable);
        Host = new(sums.Host);
        HostWeights = new(on.Of.Placement.Data * on.HostWeights);
    }

    /// <summary>What was asked about.</summary>
    public Deployment Deployment { get; }

    /// <summary>What was asked of it.</summary>
    public Workload Workload { get; }

    /// <summary>The engine as it runs there, the usual one where none was named; null for weights and cache alone.</summary>
    public Engine? Engine { get; }

    /// <summary>Weights, with what every GPU holds again.</summary>
    public ByteSize Weights { get; internal init; }

    /// <summary>Cached keys, values and states of all sequences at their full context.</summary>
    public ByteSize KeyValueCache { get; }

    /// <summary>Bytes that one more token of one sequence adds while the context is shorter than every window, as the engine lays
    /// them out, over all GPUs once.</summary>
    public ByteSize KeyValueBytesPerToken { get; }

    /// <summary>The same once all windows are full.</summary>
    public ByteSize KeyValueBytesPerTokenBeyondWindows { get; }

    /// <summary>What of the cache one sequence holds whatever its length: recurrent and convolution states, as the engine keeps
    /// them.</summary>
    public ByteSize State { get; }

    /// <summary>The peak of activations; 0 without an engine.</summary>
    public ByteSize Activations { get; }

    /// <summary>Context, graphs, communication buffers and tables; 0 without an engine.</summary>
    public ByteSize Runtime { get; }

    /// <summary>What of the runtime is the table of rotary sines and cosines: vLLM logs it among the weights.</summary>
    public ByteSize RotaryTable { get; }

    /// <summary>What is held beside the model.</summary>
    public ByteSize Additions { get; }

    /// <summary>What the fullest GPU holds.</summary>
    public ByteSize PerGpu { get; }

    /// <summary>What of that is weights: what engines log as they load them, vLLM with its <see cref="RotaryTable"/>.</summary>
    public ByteSize PerGpuWeights { get; }

    /// <summary>What of that is cached keys, values and states.</summary>
    public ByteSize PerGpuCache { get; }

    /// <summary>What of that is activations and runtime, in bytes.</summary>
    internal long PerGpuBeyond { get; }

    /// <summary>What of the total lies in system memory: llama.cpp's tables of which each token reads a row (token embedding,
    /// per-layer embeddings, positions) and the inputs of a pass. An embedding that is the head too counts on the GPU alone: the
    /// one in system memory is the mapped file. Also what <see cref="Deployment.Tensors"/> leaves there,
    /// with the cache of its layers. Where the file is not mapped (<c>--no-mmap</c>) it is there again.</summary>
    public ByteSize Host { get; }

    /// <summary>What of <see cref="Host"/> is weights.</summary>
    public ByteSize HostWeights { get; }

    /// <summary>The sum of the parts.</summary>
    public ByteSize Total => Weights + KeyValueCache + Activations + Runtime + Additions;

    /// <summary>The sum with the range that the engine's residuals and runtime leave; exact without an engine.</summary>
    public ByteRange TotalRange
    {
        get
        {
            ByteSize total = Total;
            return Engine?.Memory is { Spread: var spread }
                ? new(new((long)(total.Bytes * spread.Low)), total, new((long)(total.Bytes * spread.High)))
                : new(total, total, total);
        }
    }

    /// <summary>What activations and runtime rest on. Without an engine there are none: weights and cache alone are exact, and
    /// the bound that every engine exceeds.</summary>
    public Basis Basis => Engine?.Memory is not { } memory ? Basis.Bound
        : memory.IsMeasured ? Basis.Measured : Basis.Extrapolated;

    /// <summary>Need and room on the deployment's GPU; null where it names none, or nobody sourced the GPU's memory.</summary>
    public MemoryFit? Fit => Deployment?.Gpu is { IsMemoryKnown: true } gpu ? MemoryFit.Of(this, gpu) : null;

    /// <summary>Whether it fits the deployment's GPUs; null where <see cref="Fit"/> is.</summary>
    public bool? Fits => Fit?.Fits;

    /// <summary>Whether it would fit each of so many GPUs of another kind. Usable memory counts, not nominal, and of it the
    /// engine's share.</summary>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="EstimateException">Nobody sourced the GPU's memory.</exception>
    public bool FitsOn(Gpu gpu) => FitOn(gpu).Fits;

    /// <summary>Whether it would fit GPUs of different size, as <see cref="FitOn(IReadOnlyList{Gpu})"/> says.</summary>
    /// <param name="gpus">As many GPUs as the deployment is laid over.</param>
    /// <exception cref="EstimateException">Their number is another, or nobody sourced the memory of one.</exception>
    public bool FitsOn(IReadOnlyList<Gpu> gpus) => FitOn(gpus).Fits;

    /// <summary>Need and room on a kind of GPU, with the engine as it runs there (<see cref="Engine.On"/>), the usual one where
    /// none was named. Where the GPU shares the system's memory, what lies there counts too.</summary>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="EstimateException">Nobody sourced the GPU's memory.</exception>
    public MemoryFit FitOn(Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        return MemoryFit.Of(gpu.Equals(Deployment.Gpu) ? this : (Deployment with { Gpu = gpu }).Memory(Workload), gpu);
    }

    /// <summary>Need and room on GPUs of different size. Where the engine divides each layer, or gives every stage as many
    /// layers, the smallest decides; one that splits by layer gives each GPU layers by its room, and the tightest
    /// decides.</summary>
    /// <param name="gpus">As many GPUs as the deployment is laid over, in the order of the stages.</param>
    /// <exception cref="EstimateException">Their number is another, or nobody sourced the memory of one.</exception>
    public MemoryFit FitOn(IReadOnlyList<Gpu> gpus)
    {
        ArgumentNullException.ThrowIfNull(gpus);
        return gpus.Count == Deployment.Placement.Gpus ? MixedGpus.Fit(Deployment, Workload, gpus)
            : throw new EstimateException("Gpus",
                $"{gpus.Count} GPUs were given; the model is laid over {Deployment.Placement.Gpus}.");
    }

    /// <summary>What a reader should know about the figures: first that they do not fit, where it is so; then what they leave
    /// out, and what they rest on.</summary>
    public ValueList<string> Warnings() => Deployment is null ? [] : MemoryWarnings.Of(this);

    /// <summary>The working, line by line; the last line's total is <see cref="Total"/>.</summary>
    public ValueList<DerivationLine> Explain() => Deployment is null ? [] : MemoryDerivation.Of(this);

    /// <summary>The figures with the keys of <c>llmmath memory --json</c>, which
    /// <see cref="Interchange.FiguresContext"/> writes and reads; what was not asked, limits and advice, is left open.</summary>
    /// <param name="explain">Whether with the working.</param>
    /// <exception cref="EstimateException">There is no estimate.</exception>
    public Interchange.MemoryFigures Figures(bool explain = false) => Deployment is null
        ? throw new EstimateException(nameof(Deployment), "there is no estimate.") : MemoryJson.Of(this, explain);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() =>
        Deployment is null ? "no estimate" : RecordText.Of(nameof(MemoryEstimate), PrintMembers);
}
