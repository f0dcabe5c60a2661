using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Training.Memory;
using LlmMath.Training.Methods;
using LlmMath.Training.Rollouts;
using LlmMath.Training.Steps;

namespace LlmMath.Training;

/// <summary>How fast a run trains, and how long it takes. Ranges hold eight of ten.</summary>
public sealed record TrainingSpeed
{
    // How much wider a range is where the generation was not measured.
    private const double Unseen = 1.5;

    private readonly StepParts _parts;

    private TrainingSpeed(in StepParts parts, double whole, int gpus, double operations, double peak, RateRange goodput)
    {
        (_parts, Gpus, Goodput) = (parts, gpus, goodput);
        Whole = new(TimeRange.Span(whole * parts.Low / goodput.High), TimeRange.Span(whole / goodput.Expected),
            TimeRange.Span(whole * parts.High / goodput.Low));
        double seconds = parts.Seconds * gpus;
        Mfu = new(operations / (seconds * parts.High * peak), operations / (seconds * peak),
            operations / (seconds * parts.Low * peak));
    }

    /// <summary>Tokens of a step, over all replicas: of pairs both answers, of reinforcement learning prompts and
    /// answers.</summary>
    public double StepTokens => _parts.Tokens;

    /// <summary>Tokens a second on each GPU, those that write answers among them.</summary>
    public RateRange TokensPerSecondPerGpu
    {
        get
        {
            double rate = StepTokens / (_parts.Seconds * Gpus);
            return new(rate / _parts.High, rate, rate / _parts.Low);
        }
    }

    /// <summary>Time of a step: one update of the parameters, or of reinforcement learning from one set of answers to the
    /// next.</summary>
    public TimeRange Step => _parts.Range(_parts.Seconds);

    /// <summary>Time of the run by the wall's clock: all steps, passes before them, evaluations, ÷
    /// <see cref="Goodput"/>.</summary>
    public TimeRange Whole { get; }

    /// <summary>Share of that time that trains, 0 to 1: the rest goes to checkpoints, to what failures lose, to
    /// restarts.</summary>
    public RateRange Goodput { get; }

    /// <summary>How long steps wait for a checkpoint.</summary>
    public required TimeSpan Checkpoint { get; init; }

    /// <summary>Time between checkpoints that loses least; the longest time that there is where nothing fails.</summary>
    public required TimeSpan CheckpointInterval { get; init; }

    /// <summary>GPUs, those that write answers among them.</summary>
    public int Gpus { get; }

    /// <summary>Hours of one GPU that the run takes.</summary>
    public RateRange GpuHours => new(Whole.Low.TotalHours * Gpus, Whole.Expected.TotalHours * Gpus, Whole.High.TotalHours * Gpus);

    /// <summary>Model FLOPs utilization: operations of the architecture, attention causal and nothing computed twice, passes of a
    /// reference among them and answers written not, a second and GPU, over the GPU's dense 16-bit peak. Source: Chowdhery et
    /// al., arXiv:2204.02311, appendix B.</summary>
    public RateRange Mfu { get; }

    /// <summary>What the figures rest on: rows of the GPU's generation, or of another.</summary>
    public required Basis Basis { get; init; }

    /// <summary>Parts of a step by name. They add up to <see cref="Step"/>, except that what is written while others train is
    /// beside it.</summary>
    public ValueList<StepPhase> Phases => _parts.Phases;

    internal static TrainingSpeed Of(PlacedRun run, Gpu gpu, TrainingGeneration generation, double operationsOfToken)
    {
        bool seen = generation.Architecture == gpu.Architecture && generation.Rows > 0
            && (generation.QuantizedRows > 0 || StepWork.UnpackedBytesOf(run) == 0);
        Spread spread = run.Architecture.HasExperts ? generation.MixtureStep : generation.Step;
        spread = seen ? spread : new(spread.Low / Unseen, spread.High * Unseen);
        StepTime Time(PlacedRun of, StepLoad load, bool isPass) =>
            StepTime.Of(StepWork.Of(of, load, isPass), generation.Values.AsSpan(), run.Run.Products, gpu);
        int gpus = run.On.Placement.Gpus;
        double before = 0;
        StepParts parts;
        if (run.Roles is { } roles)
        {
            parts = StepParts.Of(ReinforcedStep.Of(run, (of, load, isPass) => Time(of, load, isPass).Total),
                run.Run.Rollout!.Mode);
            gpus += run.Run.Rollout.Mode == RolloutMode.Colocated ? 0 : roles.Writer.Placement.Gpus;
        }
        else
        {
            var load = StepLoad.Of(run);
            double tokens = load.Tokens * run.MicroBatches * run.On.Placement.Data, each = tokens / gpus;
            ReferenceModel reference = MethodFacts.ReferenceOf(run.Run);
            double pass = reference == ReferenceModel.None ? 0 : each * Time(run, load, true).Total;
            double passes = reference == ReferenceModel.Precomputed ? 0 : pass * run.Run.Method.ReferencePasses();
            passes += run.Run.Method.MismatchedPasses() * pass;
            before = reference == ReferenceModel.Precomputed ? pass * run.Run.Method.ReferencePasses() / run.Run.Epochs : 0;
            StepTime step = Time(run, load, false);
            // No step is faster than its operations at the peak of its products.
            double trained = tokens * run.Run.Filled;
            double least = trained * operationsOfToken / (StepTime.PeakOf(run.Run.Products, gpu) * gpus);
            spread = spread with { Low = Math.Max(spread.Low, Math.Min(1, least / ((step.Total * each) + passes))) };
            parts = StepParts.Of(step, each, passes, trained, spread);
        }

        double steps = Math.Ceiling(run.Run.Tokens / parts.Tokens);
        double peak = gpu.PeakRates.Bf16 ?? gpu.PeakRates.Fp16 ?? double.PositiveInfinity;
        double evaluation = run.Run.EvaluationTokens == 0 ? 0 : run.Run.EvaluationTokens / (run.Run.Filled * gpus)
            * Time(run, StepLoad.Of(run), true).Total;
        Interruptions stops = run.Run.Interruptions;
        double written = stops.CheckpointSeconds ?? (CheckpointBytes(run) / (Interruptions.StorageBytesPerSecond * gpus));
        return new(parts, (steps * (parts.Seconds + before)) + evaluation, gpus, parts.Tokens * operationsOfToken, peak,
            stops.GoodputOf(gpus, written / 3600))
        {
            Checkpoint = TimeRange.Span(written),
            CheckpointInterval = TimeRange.Span(
                3600 * Interruptions.CheckpointInterval(written / 3600, stops.GpuHoursBetween / gpus)),
            Basis = seen ? Basis.Measured : Basis.Extrapolated,
        };
    }

    // Parameters that are trained, the copies that the optimizer works on and its moments; a critic's are as many.
    private static double CheckpointBytes(PlacedRun run)
    {
        StateRecipe recipe = run.Recipe;
        double each = run.Adapted is null ? recipe.ParameterBytes + recipe.MasterBytes + (run.Run.Optimizer.Moments
            * (run.Run.Optimizer.IsEightBit ? 1 : recipe.MomentBytes))
            : run.Trainer.AdapterBytes * (1 + run.Run.Optimizer.Moments);
        double parameters = run.Adapted?.Sum(one => (double)one.Parameters) ?? run.On.Model.ParameterCount();
        return each * parameters * (run.Roles?.Critic is null ? 1 : 2);
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingSpeed), PrintMembers);
}
