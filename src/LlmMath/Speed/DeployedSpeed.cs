using System.Runtime.CompilerServices;
using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Speed.Own;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Speed;

/// <summary>What the times of a deployment rest on, whatever is asked of it.</summary>
internal sealed class DeployedSpeed
{
    // Kept as long as the deployment is.
    private static readonly ConditionalWeakTable<PlacedModel, DeployedSpeed> s_found = [];

    private DeployedSpeed(PlacedModel model)
    {
        (Gpu gpu, EngineSpeed speed) = (model.KnownGpu, model.KnownEngine.KnownSpeed());
        if (!model.KnownEngine.SupportsGpu(gpu))
        {
            throw new EstimateException("Engine", $"{model.Engine} does not run on {gpu.Vendor}'s {gpu}.");
        }

        speed = speed.With(model.Of.Backend, gpu, model.KnownEngine.Name);
        On = DeployedModel.Of(model.WithTensorsThatTheEngineKeeps());
        (EngineGeneration generation, Basis hardware) = EngineChoice.Of(speed, gpu);
        Rests = RestsOf(model.KnownEngine.Name, gpu, hardware);
        Constants = generation.Constants;
        if (On.Host is not null && !gpu.IsProcessor)
        {
            // What a processor reaches follows it, and so does how sure that is: no rows of the GPU alone tell of it.
            Basis ofHost = EngineChoice.BasisOfHost(speed, model.Of.Node.Host);
            Rests = hardware == Basis.Bound || ofHost <= Rests.Basis ? Rests : new(ofHost, 0, 0);
            EngineGeneration processor = EngineChoice.OfHost(speed, model.Of.Node.Host);
            Constants = Constants.WithHost(processor.Constants);
            EngineGeneration both = speed.Generations.FirstOrDefault(other => other.Architecture == EngineBackend.BesideGpu)
                ?? processor;
            generation = generation with { FirstToken = both.FirstToken, InterToken = both.InterToken };
        }

        (FirstToken, InterToken) = EngineChoice.Ranges(speed, model.KnownEngine.Name, gpu, generation, Rests.Basis, false);
        DraftedRests = DraftedOf(model.KnownEngine.Name, gpu);
        Drafted = EngineChoice.Ranges(speed, model.KnownEngine.Name, gpu, generation, DraftedRests.Basis, true);
        Backend = speed.Releases.Count > 0 ? speed.Version : null;
        Prefill = model.Prefill is { } side ? Of(side) : null;
        if (Prefill is { } reads)
        {
            Rests = reads.Rests.Basis > Rests.Basis ? reads.Rests : Rests;
            DraftedRests = reads.DraftedRests.Basis > DraftedRests.Basis ? reads.DraftedRests : DraftedRests;
            FirstToken = reads.FirstToken;
            Drafted = Drafted with { First = reads.Drafted.First };
            return;
        }

        OfHardware = EngineChoice.RangesOfHardware(speed, gpu, generation, hardware);
        Own = OwnTimes.Of(speed.Own, this, Backend, generation.FirstToken, generation.InterToken);
    }

    /// <summary>The deployment in the numbers that a pass needs.</summary>
    public DeployedModel On { get; }

    /// <summary>The engine's constants on that GPU.</summary>
    public EngineConstants Constants { get; }

    /// <summary>What the estimate rests on.</summary>
    public EstimateBasis Rests { get; }

    /// <summary>The range of times to the first token.</summary>
    public Spread FirstToken { get; }

    /// <summary>The range of times between tokens.</summary>
    public Spread InterToken { get; }

    /// <summary>What the estimate rests on where tokens are drafted.</summary>
    public EstimateBasis DraftedRests { get; }

    /// <summary>Both ranges where tokens are drafted.</summary>
    public (Spread First, Spread Inter) Drafted { get; }

    /// <summary>Both ranges whatever is known of models: what rows of one's own are weighed against.</summary>
    public (Spread First, Spread Inter) OfHardware { get; }

    /// <summary>The release of the engine that it is, a backend for one; null where releases are not told apart.</summary>
    public string? Backend { get; }

    /// <summary>The side that reads prompts, where GPUs of their own do.</summary>
    public DeployedSpeed? Prefill { get; }

    /// <summary>What was measured on one's own machine of this; null where nothing was.</summary>
    public OwnTimes? Own { get; }

    /// <summary>The times of a load, and their ranges.</summary>
    public (ServingTime Time, Spread First, Spread Inter) TimeOf(in ServingLoad load, ServingWorking? working = null)
    {
        (Spread first, Spread inter) = load.Drafts > 0 ? Drafted : (FirstToken, InterToken);
        if (Prefill is { } reads)
        {
            return (DisaggregatedTime.Of(reads, this, load, working), first, inter);
        }

        var time = ServingTime.Of(On, Constants, load, working);
        return Own?.Correct(this, time, load) ?? (time, first, inter);
    }

    /// <summary>Seconds of a step in which so many sequences of a replica write, each at a context, and nothing else is done;
    /// as rows of one's own correct it. Allocates nothing.</summary>
    /// <param name="sequences">Sequences that run at once, 1 or more; a stage works on its share of them.</param>
    /// <param name="context">Tokens before the one that is written, 1 or more.</param>
    public double StepOf(double sequences, double context)
    {
        double running = Math.Max(1, sequences / On.Pipeline);
        PassTime step = ForwardPass.Of(On, Constants, new() { Sequences = running, TokensEach = 1, Context = context });
        if (Own is null)
        {
            return step.Total;
        }

        var load = ServingLoad.Writing(sequences, context);
        return Own.Correct(this, new(step, step, running, step.Total, step.Total, 0, 0), load).Time.InterToken;
    }

    /// <summary>Sequences of a replica for which memory has room, at most as many as are asked for.</summary>
    /// <param name="load">The sequences; their number does not matter.</param>
    /// <param name="most">How many are asked for.</param>
    public double RoomFor(in SequenceLoad load, int most) => ServingLoad.RoomAt(On.Model, load, most);

    /// <summary>That of a deployment, found once.</summary>
    /// <exception cref="EstimateException">A figure that is needed is not known, or the engine does not run on the GPU; the error
    /// says which.</exception>
    public static DeployedSpeed Of(PlacedModel model) =>
        s_found.GetValue(model, static placed => new DeployedSpeed(placed));

    private EstimateBasis RestsOf(string engine, Gpu gpu, Basis hardware)
    {
        DeployedModel on = On;
        return hardware == Basis.Bound || EvidenceCatalog.Of(engine) is not { } evidence ? new(hardware, 0, 0)
            : EstimateBasis.Of(evidence.Seen, gpu.Name, on.Work.Traits, hardware, () => TimedKernels.AreAll(on));
    }

    private EstimateBasis DraftedOf(string engine, Gpu gpu) =>
        Rests.Drafted(EvidenceCatalog.Of(engine)?.Drafted?.Seen ?? [], gpu.Name, On.Work.Traits);
}
