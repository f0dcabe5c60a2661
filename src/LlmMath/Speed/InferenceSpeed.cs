using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Speed;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath;

/// <summary>How fast a model answers.</summary>
public static class InferenceSpeed
{
    /// <summary>
    /// Latency and throughput of a workload on a deployment: the roofline of its operators, with what the engine was measured to
    /// reach. What does not fit the GPUs is estimated all the same, and the estimate says so. Allocates nothing once the
    /// deployment was asked about.
    /// </summary>
    /// <param name="deployment">What serves, with its GPU.</param>
    /// <param name="workload">Prompts, answers, requests at once.</param>
    /// <exception cref="EstimateException">The deployment or the workload holds something that cannot be, or a figure that is
    /// needed is not known; the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model has sizes that no model has: a layer of more than 2⁶³ − 1
    /// bytes.</exception>
    public static InferenceEstimate Speed(this Deployment deployment, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(workload);
        workload.Check(deployment.Model.Architecture.ContextLength);
        if (workload.OutputTokens < 1)
        {
            throw new EstimateException(nameof(workload.OutputTokens), "1 or more is needed; it is 0.");
        }

        try
        {
            return Estimate(deployment.Placed, workload);
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw TooLarge.Of("model", $"{deployment.Model.Name}: a tensor or layer of it in {deployment.Weights}",
                "it has sizes that no model has");
        }
    }

    /// <summary>The same of a model on one GPU.</summary>
    /// <param name="model">The model.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="workload">Prompts, answers, requests at once.</param>
    /// <param name="weights">How weights are stored.</param>
    /// <exception cref="EstimateException">Something cannot be, or a figure that is needed is not known; the error names
    /// it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model has sizes that no model has.</exception>
    public static InferenceEstimate EstimateInference(
        this ModelDefinition model, Gpu gpu, Engine engine, Workload workload, WeightFormat weights)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        ArgumentNullException.ThrowIfNull(engine);
        return new Deployment(model, gpu, engine, weights).Speed(workload);
    }

    private static InferenceEstimate Estimate(PlacedModel model, Workload workload)
    {
        var known = DeployedSpeed.Of(model);
        DeployedModel on = known.On;
        var load = ServingLoad.Of(model, workload);
        (ServingTime time, Spread first, Spread inter) = known.TimeOf(load);
        // The more tokens a step yields, the less time each takes.
        inter = workload.Speculation?.TokensPerStepRange is { } yields
            ? EngineChoice.Beside(inter, new(1 / yields.High, 1 / yields.Low)) : inter;
        var firstToken = TimeRange.Of(time.FirstToken, first);
        var interToken = TimeRange.Of(time.InterToken, inter);
        TimeRange total = firstToken.Then(workload.OutputTokens - 1, interToken);
        int replicas = model.Of.Placement.Data;
        return new(model, workload)
        {
            TimeToFirstToken = firstToken,
            InterTokenLatency = interToken,
            TotalTime = total,
            TokensPerSecond = RateRange.Of((double)workload.Requests * workload.OutputTokens, total),
            RunningRequests = Math.Min(workload.Requests, replicas * load.RoomAtEnd),
            SteadyStateRequests = time.Running * on.Pipeline * replicas,
            Fits = FitsOf(model, workload, load.RoomAtEnd),
            Bottleneck = Bottlenecks.Of(time, workload),
            Rests = workload.Speculation is null ? known.Rests : known.DraftedRests,
            DequantizesWeights = on.Rates.Dequantizes,
        };
    }

    private static bool? FitsOf(PlacedModel model, Workload workload, double room)
    {
        bool? writes = model.KnownGpu.IsMemoryKnown ? workload.Load.OfReplica(model.Of.Placement.Data) <= room : null;
        return model.Prefill is null || writes == false ? writes
            : model.Of.PrefillMemory(workload)?.Fit is { } reads ? (reads.Fits ? writes : false) : null;
    }

    /// <summary>The bound's time of reading a prompt × prompts a second ÷ replicas that read: the share of their time in which
    /// the GPUs of that side work at their peak; 0 where there is none.</summary>
    internal static double PrefillUtilizationOf(in InferenceEstimate e)
    {
        PlacedModel model = e.Deployment.Placed;
        if (DeployedSpeed.Of(model).Prefill is not { On: var on })
        {
            return 0;
        }

        var load = ServingLoad.Of(model, e.Workload);
        double pass = on.Model.KnownEngine.Pass.Tokens ?? double.PositiveInfinity;
        double one = ForwardPass.Prefill(on.AtBound, EngineConstants.Bound, load.Prompt, load.Cached, pass).Total;
        return Math.Min(1, one * e.TokensPerSecond.Expected / e.Workload.OutputTokens / on.Model.Of.Placement.Data);
    }

    /// <summary>The bound's time of the passes between two tokens, the decoding pass and the interleaved prefill, ÷ the time that
    /// they take.</summary>
    internal static double UtilizationOf(in InferenceEstimate e)
    {
        PlacedModel model = e.Deployment.Placed;
        var known = DeployedSpeed.Of(model);
        DeployedModel on = known.On, bound = on.AtBound;
        var load = ServingLoad.Of(model, e.Workload);
        ServingTime time = known.TimeOf(load).Time;
        var pass = new PassLoad
        {
            Sequences = time.Running, TokensEach = 1 + load.Drafts, Context = load.Cached + load.Prompt + (load.Output / 2),
        };
        double step = ForwardPass.Of(bound, EngineConstants.Bound, pass).Total / load.Yield;
        double read = ForwardPass.Prefill(bound, EngineConstants.Bound, load.Prompt, load.Cached, load.PassTokens).Total
            / time.Prefill.Total;
        return Math.Min(1, (step + (Math.Max(0, time.Interleaved) * read)) / time.InterToken);
    }
}
