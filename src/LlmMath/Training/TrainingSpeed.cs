using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Training.Memory;
using LlmMath.Training.Steps;

namespace LlmMath.Training;

/// <summary>How fast a run trains, and how long it takes. Ranges hold eight of ten.</summary>
public sealed record TrainingSpeed
{
    // How much wider a range is where the generation was not measured.
    private const double Unseen = 1.5;

    private TrainingSpeed(in StepTime time, double tokens, Spread spread) => (Time, StepTokens, Spread) = (time, tokens, spread);

    /// <summary>Tokens of a step, over all replicas.</summary>
    public double StepTokens { get; }

    /// <summary>Tokens a second on each GPU.</summary>
    public RateRange TokensPerSecondPerGpu => new(1 / (Time.Total * Spread.High), 1 / Time.Total, 1 / (Time.Total * Spread.Low));

    /// <summary>Time of a step: one update of the parameters.</summary>
    public required TimeRange Step { get; init; }

    /// <summary>Time of all steps.</summary>
    public required TimeRange Whole { get; init; }

    /// <summary>GPUs.</summary>
    public required int Gpus { get; init; }

    /// <summary>Hours of one GPU that the run takes.</summary>
    public RateRange GpuHours => new(Whole.Low.TotalHours * Gpus, Whole.Expected.TotalHours * Gpus, Whole.High.TotalHours * Gpus);

    /// <summary>Model FLOPs utilization: operations of the architecture, attention causal and nothing computed twice, a second
    /// and GPU, over the GPU's dense 16-bit peak. Source: Chowdhery et al., arXiv:2204.02311, appendix B.</summary>
    public required RateRange Mfu { get; init; }

    /// <summary>What the figures rest on: rows of the GPU's generation, or of another.</summary>
    public required Basis Basis { get; init; }

    /// <summary>Parts of a step by name, in milliseconds as expected; they add up to <see cref="Step"/>.</summary>
    public ValueList<StepPhase> Phases
    {
        get
        {
            double scale = Step.Expected.TotalMilliseconds / Time.Total;
            return
            [
                new("matrix products", Time.Matrices * scale), new("attention", Time.Attention * scale),
                new("launches", Time.Launches * scale), new("communication", Time.Communication * scale),
                new("waiting stages", Time.Waiting * scale),
            ];
        }
    }

    private StepTime Time { get; }

    private Spread Spread { get; }

    internal static TrainingSpeed Of(PlacedRun run, Gpu gpu, TrainingGeneration generation, TrainingFlops flops)
    {
        bool seen = generation.Architecture == gpu.Architecture && generation.Rows > 0;
        Spread spread = seen ? generation.Step
            : new(generation.Step.Low / Unseen, generation.Step.High * Unseen);
        StepTime time = StepTime.Of(StepWork.Of(run), generation.Values.AsSpan(), run.Run.Products, gpu);
        double tokens = (double)run.Run.MicroBatch * run.MicroBatches * run.On.Placement.Data * run.Run.SequenceLength;
        int gpus = run.On.Placement.Gpus;
        double step = tokens * time.Total / gpus, whole = Math.Ceiling(run.Run.Tokens / tokens) * step;
        double peak = gpu.PeakRates.Bf16 ?? gpu.PeakRates.Fp16 ?? double.PositiveInfinity;
        double mfu = flops.PerToken / (time.Total * peak);
        return new(time, tokens, spread)
        {
            Step = TimeRange.Of(step, spread),
            Whole = TimeRange.Of(whole, spread),
            Gpus = gpus,
            Mfu = new(mfu / spread.High, mfu, mfu / spread.Low),
            Basis = seen ? Basis.Measured : Basis.Extrapolated,
        };
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingSpeed), PrintMembers);
}

/// <summary>A part of a step.</summary>
/// <param name="Name">What takes the time.</param>
/// <param name="Milliseconds">How much, as expected.</param>
public readonly record struct StepPhase(string Name, double Milliseconds)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(StepPhase), PrintMembers);
}
