using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Memory;
using LlmMath.Memory.Cache;
using LlmMath.Speed;
using LlmMath.Speed.Operators;

namespace LlmMath;

/// <summary>How fast a model answers.</summary>
public static class InferenceSpeed
{
    /// <summary>
    /// Estimates latency and throughput of a deployed model: the roofline of its operators, with what the engine was measured to
    /// reach. Allocates nothing once a model and format were asked about.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="gpu">The kind of GPU; the workload's parallelism says how many.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="workload">Prompts, outputs, requests at once.</param>
    /// <param name="weights">How weights are stored.</param>
    /// <exception cref="ArgumentException">The workload holds something that cannot be, or the GPU lacks a figure that is needed;
    /// the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model has sizes that no model has: a layer of more than 2⁶³ − 1
    /// bytes.</exception>
    public static InferenceEstimate EstimateInference(this ModelDefinition model, Gpu gpu, Engine engine,
        in InferenceWorkload workload, WeightFormat weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(gpu);
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(weights);
        Architecture architecture = model.Architecture;
        workload.Check(architecture.ContextLength);
        workload.Parallelism.Check(architecture);
        CacheFormat cache = workload.Cache ?? CacheFormat.Bf16;
        engine.Check(weights, cache, cache);
        if (!engine.SupportsGpu(gpu))
        {
            throw new ArgumentException($"Engine: {engine} does not run on {gpu.Vendor}'s {gpu}.", nameof(engine));
        }

        try
        {
            return Estimate(model, gpu, engine, workload, weights);
        }
        catch (OverflowException)
        {
            throw TooLarge.Of(nameof(model), $"{model.Name}: a tensor or layer of it in {weights}",
                "it has sizes that no model has");
        }
    }

    private static InferenceEstimate Estimate(ModelDefinition model, Gpu gpu, Engine engine, in InferenceWorkload workload,
        WeightFormat weights)
    {
        EngineSpeed speed = engine.KnownSpeed();
        (EngineGeneration generation, Basis basis) = EngineChoice.Of(speed, gpu);
        Deployment on = Deploy(model.Architecture, gpu, engine, workload, weights);
        ServingTime time = ServingTime.Of(on, generation.Constants, Load(model, gpu, engine, workload, weights));
        bool knowsVendor = EngineChoice.KnowsVendor(speed, gpu);
        Spread first = EngineChoice.Widened(generation.FirstToken, basis, knowsVendor, isPrompt: true);
        Spread between = EngineChoice.Widened(generation.InterToken, basis, knowsVendor, isPrompt: false);
        var firstToken = TimeRange.Of(time.FirstToken, first);
        var interToken = TimeRange.Of(time.InterToken, between);
        TimeRange total = firstToken.Then(workload.OutputTokens - 1, interToken);
        return new(model, gpu, engine, workload, weights)
        {
            TimeToFirstToken = firstToken,
            InterTokenLatency = interToken,
            TotalTime = total,
            TokensPerSecond = RateRange.Of((double)workload.Batch * workload.OutputTokens, total),
            RunningRequests = Math.Min(workload.Batch, Capacity(model, gpu, engine, workload, weights)),
            SteadyStateRequests = time.Running * on.Pipeline * Replicas(workload),
            Bottleneck = BottleneckOf(time, workload),
            Basis = basis,
            DequantizesWeights = on.Rates.Dequantizes,
        };
    }

    /// <summary>A deployment in the numbers that a pass needs.</summary>
    internal static Deployment Deploy(Architecture architecture, Gpu gpu, Engine engine, in InferenceWorkload workload,
        WeightFormat weights)
    {
        EngineSpeed speed = engine.KnownSpeed();
        ModelWork work = ModelWorks.Of(architecture, InferenceFold.Loaded(engine, weights));
        if (work.LayersWith(MixerOverhead.Unmeasured) > 0 && EngineChoice.Of(speed, gpu).Basis != Basis.Bound)
        {
            throw new ArgumentException($"{architecture.Family}: no engine was measured with layers of its kind, so that only "
                + "the bound of the hardware is known; give the engine \"bound\".", nameof(engine));
        }

        CacheFormat cache = workload.Cache ?? CacheFormat.Bf16;
        Parallelism over = workload.Parallelism;
        int gpus = Math.Max(over.Tensor, over.ExpertDegree);
        RequireRates(gpu);
        double bandwidth = gpu.BytesPerSecond ?? throw new ArgumentException(
            $"{gpu.Name}: its memory bandwidth is not in the catalog; give a GPU with BytesPerSecond.", nameof(gpu));
        double link = gpu.InterconnectBytesPerSecond ?? PciExpress(gpu);
        if (over.Gpus > 1 && link == 0)
        {
            throw new ArgumentException($"{gpu.Name}: neither its link nor its PCIe generation is in the catalog; several of "
                + "them cannot be estimated.",
                nameof(gpu));
        }

        return new()
        {
            Work = work,
            Rates = ComputeRates.Of(gpu, weights, speed.SumsInHalf, speed.QuantizesActivations),
            BytesPerSecond = bandwidth,
            LinkBytesPerSecond = link == 0 ? double.PositiveInfinity : link / 2,
            Tensor = over.Tensor,
            Expert = gpus,
            Pipeline = over.Pipeline,
            Architecture = architecture,
            Layout = CacheLayout.Of(engine, cache, cache),
            CacheBytes = cache.BitsPerElement / 8,
            WritesScores = speed.WritesScores,
            UnpacksWeights = speed.UnpacksWeights,
            QueuedLaunches = speed.QueuedLaunches ?? 0,
        };
    }

    // Rates that somebody set: of nothing else would times be numbers.
    private static void RequireRates(Gpu gpu)
    {
        PeakRates r = gpu.PeakRates;
        ReadOnlySpan<double?> rates =
            [gpu.BytesPerSecond, gpu.InterconnectBytesPerSecond, gpu.Watts, r.Fp32, r.Tf32, r.Fp16, r.Bf16, r.Fp16Accumulate16,
                r.Fp8, r.Int8, r.Fp4];
        foreach (double? rate in rates)
        {
            if (rate is { } given && !(given > 0 && double.IsFinite(given)))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{gpu.Name}: a rate or power of it is {given}; above 0 and finite is right, null where it is not known."),
                    nameof(gpu));
            }
        }
    }

    /// <summary>What a workload asks of one replica, and for how many of its requests the replica has room while they stand, on
    /// average, in the middle of their answers.</summary>
    internal static ServingLoad Load(ModelDefinition model, Gpu gpu, Engine engine, in InferenceWorkload workload,
        WeightFormat weights) => new()
    {
        Prompt = workload.PromptTokens - workload.CachedPromptTokens,
        Cached = workload.CachedPromptTokens,
        Output = workload.OutputTokens,
        Batch = (double)workload.Batch / Replicas(workload),
        Room = RoomAt(model, gpu, engine, workload, weights, (long)workload.PromptTokens + (workload.OutputTokens / 2)),
        PassTokens = workload.PassTokens ?? engine.PassTokensOn(gpu) ?? double.PositiveInfinity,
        Arrival = workload.Arrival ?? (engine.KnownSpeed().IsContinuous ? Arrival.Continuous : Arrival.Together),
        PollSteps = workload.PollSteps,
        GatherSteps = workload.GatherSteps,
        Drafts = workload.Speculation?.DraftTokens ?? 0,
        Yield = workload.Speculation?.TokensPerStep ?? 1,
        DraftCost = workload.Speculation?.DraftCost ?? 0,
    };

    /// <summary>Requests that run at once over all replicas before the batch caps them, each at its whole length: the largest
    /// batch that memory holds at that context; infinite where nobody sourced the GPU's memory.</summary>
    internal static double Capacity(ModelDefinition model, Gpu gpu, Engine engine, in InferenceWorkload workload,
        WeightFormat weights) => Replicas(workload)
        * RoomAt(model, gpu, engine, workload, weights, (long)workload.PromptTokens + workload.OutputTokens);

    /// <summary>The memory that a workload takes.</summary>
    internal static InferenceSetup Setup(Gpu gpu, Engine engine, in InferenceWorkload workload, WeightFormat weights) =>
        new(weights)
        {
            Batch = workload.Batch,
            Context = (long)workload.PromptTokens + workload.OutputTokens,
            ExtendsContext = workload.ExtendsContext,
            Keys = workload.Cache ?? CacheFormat.Bf16,
            Parallelism = workload.Parallelism,
            Engine = (workload.PassTokens is { } tokens ? engine.WithPass(tokens) : engine).On(gpu),
        };

    private static double RoomAt(ModelDefinition model, Gpu gpu, Engine engine, in InferenceWorkload workload,
        WeightFormat weights, long context) => gpu.Memory is null && gpu.UsableMemory is null ? double.PositiveInfinity
        : BatchRoom.Of(model, Setup(gpu, engine, workload, weights) with { Context = context }, gpu);

    private static int Replicas(in InferenceWorkload workload) => workload.Parallelism.Data;

    private static Bottleneck BottleneckOf(in ServingTime time, in InferenceWorkload workload)
    {
        double yield = workload.Speculation?.TokensPerStep ?? 1;
        PassTime step = time.Step;
        (Bottleneck most, double seconds) = (Bottleneck.WeightBandwidth, step.Weights);
        Take(Bottleneck.CacheBandwidth, step.Cache, ref most, ref seconds);
        Take(Bottleneck.Compute, step.Products, ref most, ref seconds);
        Take(Bottleneck.Attention, step.Attention, ref most, ref seconds);
        Take(Bottleneck.Communication, step.Communication, ref most, ref seconds);
        Take(Bottleneck.Overhead, step.Overhead, ref most, ref seconds);
        Take(Bottleneck.ActivationBandwidth, step.Activations, ref most, ref seconds);
        Take(Bottleneck.InterleavedPrefill, time.Interleaved * yield, ref most, ref seconds);
        return most;
    }

    private static void Take(Bottleneck candidate, double time, ref Bottleneck most, ref double seconds) =>
        (most, seconds) = time > seconds ? (candidate, time) : (most, seconds);

    /// <summary>The bound's time of the passes between two tokens, the decoding pass and the interleaved prefill, ÷ the time that
    /// they take.</summary>
    internal static double UtilizationOf(in InferenceEstimate e)
    {
        Deployment on = Deploy(e.Model.Architecture, e.Gpu, e.Engine, e.Workload, e.Weights);
        ServingLoad load = Load(e.Model, e.Gpu, e.Engine, e.Workload, e.Weights);
        ServingTime time = ServingTime.Of(on, EngineChoice.Of(e.Engine.KnownSpeed(), e.Gpu).Generation.Constants, load);
        double context = e.Workload.PromptTokens + (e.Workload.OutputTokens / 2.0);
        double step = Roofline.Decode(on, EngineConstants.Bound, time.Running, 1 + load.Drafts, context).Total / load.Yield;
        double read = Roofline.Prefill(on, EngineConstants.Bound, load.Prompt, load.Cached, load.PassTokens).Total
            / time.Prefill.Total;
        return Math.Min(1, (step + (time.Interleaved * read)) / time.InterToken);
    }

    // Both directions of 16 lanes: 16 GB/s a direction in generation 3, doubling each time. Source: PCI Express base
    // specification.
    private static double PciExpress(Gpu gpu) => gpu.PcieGeneration is { } generation ? 32e9 * Math.Pow(2, generation - 3) : 0;
}
