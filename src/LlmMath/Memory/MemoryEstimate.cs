using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Memory;
using LlmMath.Memory.Placement;

namespace LlmMath;

/// <summary>What inference takes, over all GPUs of all replicas. The parts add up to <see cref="Total"/>.</summary>
public readonly record struct MemoryEstimate
{
    internal MemoryEstimate(ModelDefinition model, in InferenceSetup setup) => (Model, Setup) = (model, setup);

    /// <summary>The model.</summary>
    public ModelDefinition Model { get; }

    /// <summary>What was asked.</summary>
    public InferenceSetup Setup { get; private init; }

    /// <summary>Weights, with what every GPU holds again.</summary>
    public ByteSize Weights { get; internal init; }

    /// <summary>Cached keys, values and states of all sequences at their full context.</summary>
    public ByteSize KeyValueCache { get; internal init; }

    /// <summary>Bytes that one more token of one sequence adds while the context is shorter than every window, as the engine lays
    /// them out, over all GPUs once.</summary>
    public ByteSize KeyValueBytesPerToken { get; internal init; }

    /// <summary>The same once all windows are full.</summary>
    public ByteSize KeyValueBytesPerTokenBeyondWindows { get; internal init; }

    /// <summary>What of the cache one sequence holds whatever its length: recurrent and convolution states, as the engine keeps
    /// them.</summary>
    public ByteSize State { get; internal init; }

    /// <summary>The peak of activations; 0 without an engine.</summary>
    public ByteSize Activations { get; internal init; }

    /// <summary>Context, graphs, communication buffers and tables; 0 without an engine.</summary>
    public ByteSize Runtime { get; internal init; }

    /// <summary>What of the runtime is the table of rotary sines and cosines: vLLM logs it among the weights.</summary>
    public ByteSize RotaryTable { get; internal init; }

    /// <summary>What is held beside the model.</summary>
    public ByteSize Additions { get; internal init; }

    /// <summary>What the fullest GPU holds.</summary>
    public ByteSize PerGpu { get; internal init; }

    /// <summary>What of that is weights: what engines log as they load them, vLLM with its <see cref="RotaryTable"/>.</summary>
    public ByteSize PerGpuWeights { get; internal init; }

    /// <summary>What of that is cached keys, values and states.</summary>
    public ByteSize PerGpuCache { get; internal init; }

    /// <summary>What of the total lies in system memory: llama.cpp's tables of which each token reads a row (token embedding,
    /// per-layer embeddings, positions) and the inputs of a pass. An embedding that is the head too counts on the GPU alone: the
    /// one in system memory is the mapped file. Where the file is not mapped (<c>--no-mmap</c>) it is there again.</summary>
    public ByteSize Host { get; internal init; }

    /// <summary>The sum of the parts.</summary>
    public ByteSize Total => Weights + KeyValueCache + Activations + Runtime + Additions;

    /// <summary>The sum with the range that the engine's residuals and runtime leave; exact without an engine.</summary>
    public ByteRange TotalRange
    {
        get
        {
            ByteSize total = Total;
            return Setup.Engine?.Memory is { Spread: var spread }
                ? new(new((long)(total.Bytes * spread.Low)), total, new((long)(total.Bytes * spread.High)))
                : new(total, total, total);
        }
    }

    /// <summary>Whether each of so many GPUs of a kind has the memory. Usable memory counts, not nominal, and of it the engine's
    /// share.</summary>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">Nobody sourced the GPU's memory.</exception>
    public bool FitsOn(Gpu gpu) => Fit(gpu).Fits;

    /// <summary>Whether it fits GPUs of different size, as <see cref="Fit(IReadOnlyList{Gpu})"/> says.</summary>
    /// <param name="gpus">As many GPUs as the setup is laid over.</param>
    /// <exception cref="ArgumentException">Their number is not the setup's, or nobody sourced the memory of one.</exception>
    public bool FitsOn(IReadOnlyList<Gpu> gpus) => Fit(gpus).Fits;

    /// <summary>Need and room on a kind of GPU, with the engine as it runs there (<see cref="Engine.On"/>). Where the GPU shares
    /// the system's memory, what lies there counts too.</summary>
    /// <param name="gpu">The kind of GPU.</param>
    /// <exception cref="ArgumentException">Nobody sourced the GPU's memory.</exception>
    public MemoryFit Fit(Gpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        MemoryEstimate there = On(gpu);
        return new(gpu, gpu.HasUnifiedMemory ? there.PerGpu + there.Host : there.PerGpu,
            MemoryFit.RoomFor(there.Setup.Engine, gpu), there.Caution(gpu, Setup.Engine is not null));
    }

    /// <summary>Need and room on GPUs of different size. Where the engine divides each layer, or gives every stage as many
    /// layers, the smallest decides; one that splits by layer gives each GPU layers by its room, and the tightest
    /// decides.</summary>
    /// <param name="gpus">As many GPUs as the setup is laid over, in the order of the stages.</param>
    /// <exception cref="ArgumentException">Their number is not the setup's, or nobody sourced the memory of one.</exception>
    public MemoryFit Fit(IReadOnlyList<Gpu> gpus)
    {
        ArgumentNullException.ThrowIfNull(gpus);
        if (gpus.Count != Setup.Parallelism.Gpus)
        {
            throw new ArgumentException($"{gpus.Count} GPUs were given; the setup is laid over {Setup.Parallelism.Gpus}.",
                nameof(gpus));
        }

        // An engine sets itself up by the first GPU that it sees.
        MemoryEstimate there = On(gpus[0]);
        bool isNamed = Setup.Engine is not null;
        bool isMixed = gpus.Any(gpu => gpu.Name != gpus[0].Name);
        bool isByLayer = Setup is { Engine.SplitsByLayer: true, Parallelism.Data: 1 };
        IEnumerable<MemoryFit> fits = isMixed && isByLayer
            ? UnevenSplit.Fits(Model, there.Setup, gpus)
            : gpus.Select(there.Fit);
        MemoryFit tightest = fits.MinBy(fit => fit.Room.Bytes - fit.Need.Bytes);
        string mixed = isByLayer
            ? $"GPUs of different kinds: layers are given by memory; {tightest.Gpu.Name} is the tightest."
            : $"GPUs of different kinds: each holds an equal share, so {tightest.Gpu.Name} decides for all.";
        return !isMixed ? tightest
            : tightest with
            {
                Warning = string.Join(' ',
                    gpus.Select(gpu => there.Caution(gpu, isNamed)).Distinct().Prepend(mixed).OfType<string>()),
            };
    }

    /// <summary>The same with the engine as it runs on a kind of GPU, the usual one where none was named.</summary>
    internal MemoryEstimate On(Gpu gpu)
    {
        InferenceSetup there = Setup.On(gpu);
        return ReferenceEquals(there.Engine, Setup.Engine) ? this : Model.InferenceMemory(there);
    }

    // What a reader should know of a fit on a GPU, or null.
    private string? Caution(Gpu gpu, bool isNamed) => Setup.Engine is not { } engine
        ? "No engine was given: activations and runtime are not in the need."
        : string.Join(' ', new[]
            {
                isNamed ? null : $"No engine was given: {engine.DisplayName} is taken.",
                engine.LacksMemory(),
                FormatSupport.Lacks(Setup.Weights, engine, gpu),
            }.OfType<string>())
            is { Length: > 0 } caution ? caution : null;

    /// <summary>What a reader should know about the figures: what they leave out, and what they rest on.</summary>
    public ValueList<string> Warnings()
    {
        var warnings = new List<string>();
        Architecture a = Model.Architecture;
        bool hasVision = Setup.Additions?.Any(addition => addition.Kind == PartKind.Vision) ?? false;
        warnings.AddRange(a.NotCounted.Where(part => !hasVision || part.Kind is not (PartKind.Vision or PartKind.Projector))
            .Select(part => $"not in these figures: {part}"));
        if (a.ContextLength is null && !Setup.ExtendsContext)
        {
            warnings.Add($"{Model.Name}'s definition does not say for how many tokens it was made: no context is refused.");
        }

        if (Setup.Engine is { Memory.IsMeasured: false } engine)
        {
            warnings.Add($"{engine.Name}'s activations and runtime were not measured: they are guessed from other engines.");
        }

        if (Setup.StoredWeights is null && IsOftenMixed)
        {
            warnings.Add(
                $"published {Setup.Weights} checkpoints of such models often leave attention or other matrices in 16 bits; "
                + "here all linear layers of the blocks are quantized. A "
                    + "checkpoint's own bytes are exact: estimate from its file.");
        }

        if (Setup.Engine is { Load.KeepsInputsOnHost: true } && Has(static mixer => mixer.Cache.IsCompressed))
        {
            warnings.Add("files of latent attention made before llama.cpp knew it (April 2025) cache whole heads, "
                + "many times these bytes.");
        }

        return [.. warnings];
    }

    private bool IsOftenMixed => Setup.Weights.PublishedMix switch
    {
        PublishedMix.All => true,
        PublishedMix.MixturesAndRecurrent => Has(static mixer => mixer.Cache.HasState)
            || Model.Architecture.Blocks.Any(block => block.FeedForwards.Any(layer => layer.ExpertElements > 0)),
        _ => false,
    };

    private bool Has(Func<SequenceMixer, bool> what) => Model.Architecture.Blocks.Any(block => block.Mixers.Any(what));

    /// <summary>The working, line by line; the last line's total is <see cref="Total"/>.</summary>
    public ValueList<DerivationLine> Explain() => MemoryDerivation.Of(this);
}
