using LlmMath.Training.Memory;

namespace LlmMath.Training;

/// <summary>What a training run takes.</summary>
public sealed record TrainingEstimate
{
    private readonly PlacedRun _run;

    internal TrainingEstimate(PlacedRun run)
    {
        _run = run;
        MomentSum worst = default;
        long host = 0;
        foreach (PlacedStage stage in run.Stages)
        {
            var memory = new StageMemory(run, stage);
            MomentSum peak = memory.Peak();
            (worst, host) = (stage.Number == 0 || peak.Total > worst.Total ? peak : worst, Math.Max(host, memory.Host));
        }

        Memory = new(run, worst, host);
    }

    /// <summary>What is trained, on what, by which trainer.</summary>
    public Deployment Deployment => _run.On;

    /// <summary>How it is trained.</summary>
    public TrainingRun Run => _run.Run;

    /// <summary>Memory of the fullest GPU, and of the host.</summary>
    public TrainingMemory Memory { get; }

    /// <summary>Whether it fits the deployment's GPUs; null where the GPU or its memory is not known.</summary>
    public bool? Fits => Memory.Fits;

    /// <summary>Changes that take less memory, each by itself, the one that slows least first.</summary>
    public ValueList<TrainingSaving> Savings() => TrainingSavings.Of(this);

    /// <summary>Operations of a token, by the architecture and by 6ND.</summary>
    public TrainingFlops Flops => field ??= TrainingFlops.Of(Deployment.Model, Run.SequenceLength, Run.Adapter);

    /// <summary>Speed and cost; null where the deployment names no GPU, or nobody measured the trainer.</summary>
    public TrainingSpeed? Speed => Deployment.Gpu is { } gpu && _run.Trainer.On(gpu) is { } generation
        ? TrainingSpeed.Of(_run, gpu, generation, Flops)
        : null;

    /// <summary>The figures with the keys of <c>llmmath train --json</c>, which
    /// <see cref="Interchange.FiguresContext"/> writes and reads.</summary>
    /// <param name="dollars">US dollars of a GPU-hour; null where no price is asked.</param>
    /// <param name="explain">Whether with the working.</param>
    public Interchange.TrainingFigures Figures(double? dollars = null, bool explain = false) =>
        TrainingJson.Of(this, dollars, explain);

    /// <summary>Parameters that are trained, over the whole model.</summary>
    public long TrainableParameters => _run.Run.Adapter is { } adapter ? Deployment.Model.TrainableParameters(adapter)
        : Deployment.Model.ParameterCount();
}
