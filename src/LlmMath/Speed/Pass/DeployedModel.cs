using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>A deployment in the numbers that a pass needs.</summary>
internal readonly record struct DeployedModel
{
    /// <summary>The model's work.</summary>
    public required ModelWork Work { get; init; }

    /// <summary>Peak rates for its weights.</summary>
    public required ComputeRates Rates { get; init; }

    /// <summary>Peak memory bandwidth of one GPU, bytes a second.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Rate in one direction of the link that collectives of a layer cross, bytes a second.</summary>
    public required double LinkBytesPerSecond { get; init; }

    /// <summary>The same of the link between the stages of a pipeline.</summary>
    public required double StageLinkBytesPerSecond { get; init; }

    /// <summary>GPUs that share a layer's matrices.</summary>
    public required int Tensor { get; init; }

    /// <summary>GPUs that share the experts.</summary>
    public required int Expert { get; init; }

    /// <summary>Stages of a pipeline.</summary>
    public required int Pipeline { get; init; }

    /// <summary>The model as it lies on its GPUs.</summary>
    public required PlacedModel Model { get; init; }

    /// <summary>Bytes of a cached element.</summary>
    public required double CacheBytes { get; init; }

    /// <summary>The timed kernels that engines run; null where none were timed, and a roofline stands for them.</summary>
    public DeployedKernels? Kernels { get; init; }

    /// <summary>What the processor does; null where a GPU does all.</summary>
    public HostSide? Host { get; init; }

    /// <summary>Whether each GPU holds a part of every expert, not some of the experts.</summary>
    public bool DividesExperts { get; init; }

    /// <summary>How tokens go to the GPUs of their experts alone; null where all are gathered on all GPUs.</summary>
    public ExpertExchange? AllToAll { get; init; }

    /// <summary>Whether prompts are read in passes of their own.</summary>
    public bool ReadsPromptsApart { get; init; }

    /// <summary>Whether nothing was measured, and the least that the hardware takes is asked.</summary>
    public bool IsBound { get; init; }

    /// <summary>Whether what enters packed weights is rounded by kernels of their own before it is multiplied.</summary>
    public bool RoundsActivations { get; init; }

    /// <summary>Whether attention writes its scores to memory.</summary>
    public bool WritesScores { get; init; }

    /// <summary>Tokens of a prompt that attention reads the cache for at once; null where what it reads stays in the
    /// chip.</summary>
    public int? PromptRows { get; init; }

    /// <summary>Whether prefill makes 16-bit copies of packed weights.</summary>
    public bool UnpacksWeights { get; init; }

    /// <summary>Launches that a stage of a pipeline can have pending; 0 where nothing limits them.</summary>
    public int QueuedLaunches { get; init; }

    /// <summary>Seconds of the host that each sequence adds to a step whose drafts are checked.</summary>
    public double DraftedSequenceSeconds { get; init; }

    /// <summary>What decides how often a pass launches.</summary>
    public LaunchShape Launched => new(Tensor, Expert, Pipeline, RoundsActivations);

    /// <summary>Replicas of attention that share the experts: 1 unless attention is data-parallel.</summary>
    public int AttentionReplicas => Launched.AttentionReplicas;

    /// <summary>How many of them have something to do, where it is not all: experts are there for all of them.</summary>
    public double? BusyReplicas { get; init; }

    /// <summary>Replicas whose tokens the experts get.</summary>
    public double WorkingReplicas => BusyReplicas ?? AttentionReplicas;

    /// <summary>The same at the hardware's bound, which knows no kernels.</summary>
    public DeployedModel AtBound => this with
    {
        Kernels = null, IsBound = true, PromptRows = null, Host = Host?.AtBound, DraftedSequenceSeconds = 0,
    };

    /// <summary>The peak rate of attention's products, where nothing may be faster: an 8-bit cache may be multiplied as
    /// such.</summary>
    public double AttentionRate => CacheBytes < 2 ? Rates.Eight : Rates.Wide;

    /// <summary>The peak rate for weights of a width.</summary>
    public double RateOf(ElementWidth width) => width switch
    {
        ElementWidth.Wide => Rates.Wide,
        ElementWidth.Eight => Rates.Eight,
        _ => Rates.Four,
    };

    /// <summary>The share of a layer's cache that one GPU reads: heads are divided as far as there are any.</summary>
    public double CacheShare(in MixerLayers mixer) =>
        mixer.Work.ReadHeads > 0 ? Math.Max(1.0 / mixer.Work.ReadHeads, 1.0 / Tensor) : 1.0 / Tensor;

    /// <summary>Bytes of a sequence's cache of so many tokens on one GPU of each stage, the stages together.</summary>
    public long CacheBytesOf(double context) =>
        CacheFold.Sum(Model.Architecture, Model.Layout, Shard.Whole with { TensorDegree = Tensor }, (long)context, 0);

    /// <summary>Puts a deployment in numbers.</summary>
    /// <exception cref="EstimateException">The GPU lacks a figure that is needed, or nothing was measured with layers of the
    /// model's kind; the error says which.</exception>
    public static DeployedModel Of(PlacedModel model)
    {
        (Deployment of, Engine engine, Gpu gpu) = (model.Of, model.KnownEngine, model.KnownGpu);
        EngineSpeed speed = engine.KnownSpeed();
        ModelWork work = model.Work;
        bool isBound = EngineChoice.Of(speed, gpu).Basis == Basis.Bound;
        if (work.UnknownLayers(speed.Kernels is not null) > 0 && !isBound)
        {
            throw new EstimateException("Engine", $"no engine was measured with layers of the kind of "
                + $"{model.Architecture.Family}, so that only the bound of the hardware is known.", "Give the engine \"bound\".");
        }

        Parallelism over = of.Placement;
        gpu.RequireRates();
        double bandwidth = gpu.BytesPerSecond ?? throw new EstimateException("Gpu",
            $"the memory bandwidth of {gpu.Name} is not in the catalog.", "Give a GPU with BytesPerSecond.");
        double within = of.Node.LinkBytesPerSecond ?? gpu.LinkBytesPerSecond, between = of.Node.NetworkBytesPerSecond ?? within;
        if (over.Gpus > 1 && within == 0)
        {
            throw new EstimateException("Gpu", $"neither the link nor the PCIe generation of {gpu.Name} is in the catalog; "
                + "several of them cannot be estimated.");
        }

        int expert = Math.Max(over.Tensor, over.ExpertDegree);
        var rates = ComputeRates.Of(gpu, of.Weights, speed.SumsInHalf, speed.QuantizesActivations);
        var host = HostSide.Of(model, speed);
        return new()
        {
            Work = work,
            Rates = rates,
            BytesPerSecond = bandwidth,
            LinkBytesPerSecond = OneDirection(expert > of.Node.Gpus ? between : within),
            StageLinkBytesPerSecond = OneDirection(over.Tensor * over.Pipeline > of.Node.Gpus ? between : within),
            Tensor = over.Tensor,
            Expert = expert,
            Pipeline = over.Pipeline,
            Model = model,
            CacheBytes = of.Keys.BitsPerElement / 8,
            Kernels = DeployedKernels.Of(gpu, speed.Kernels, of.Weights, work.Traits.Weights,
                ModelProducts.Of(model.Architecture, model.Format, over.Tensor)),
            Host = isBound ? host?.AtBound : host,
            DividesExperts = over.Expert == 0 && over.Tensor > 1,
            AllToAll = speed.AllToAll is { } exchange && exchange.Holds(gpu, expert) ? exchange : null,
            ReadsPromptsApart = speed.ReadsPromptsApart,
            IsBound = isBound,
            RoundsActivations = rates.RoundsActivations,
            WritesScores = speed.WritesScores || !of.FlashAttention,
            PromptRows = speed.PromptRowsOf(of.Backend, gpu),
            UnpacksWeights = speed.UnpacksWeights,
            QueuedLaunches = speed.QueuedLaunches ?? 0,
            DraftedSequenceSeconds = (speed.DraftedSequenceMicroseconds ?? 0) / 1e6,
        };
    }

    /// <summary>What is deployed: <see cref="AtBound"/> is one of these too, and would print itself without end.</summary>
    public override string ToString() => Model.Of.ToString();

    private static double OneDirection(double link) => link == 0 ? double.PositiveInfinity : link / 2;
}
