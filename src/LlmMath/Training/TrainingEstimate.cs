using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Training.Memory;
using LlmMath.Training.Methods;

namespace LlmMath.Training;

/// <summary>What a training run takes.</summary>
public sealed record TrainingEstimate
{
    private readonly PlacedRun _run;

    internal TrainingEstimate(PlacedRun run)
    {
        _run = run;
        PhasePeaks worst = default;
        (long host, long drives) = (0, 0);
        foreach (PlacedStage stage in run.Stages)
        {
            var peaks = PhasePeaks.Of(run, stage);
            worst = stage.Number == 0 || peaks.Worst.Total > worst.Worst.Total ? peaks : worst;
            var (own, beside) = (new StageMemory(run, stage), run.Roles?.Critic is { } critic
                ? new StageMemory(critic, critic.Stages[stage.Number]) : (StageMemory?)null);
            host = Math.Max(host, checked(own.Host + (beside?.Host ?? 0)));
            drives = Math.Max(drives, checked(own.Nvme + (beside?.Nvme ?? 0)));
        }

        Memory = new(run, worst, host, drives);
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

    /// <summary>Speed and cost; null where the deployment names no GPU, nobody measured the trainer, or something lies on drives
    /// whose rate is not known.</summary>
    public TrainingSpeed? Speed => Deployment.Gpu is { } gpu && _run.Trainer.On(gpu) is { } generation
        && !(Run.Offload.HasFlag(Offload.Nvme) && Deployment.Node.NvmeBytesPerSecond is null)
        ? TrainingSpeed.Of(_run, gpu, generation, OperationsPerToken)
        : null;

    /// <summary>Operations of the whole run: of each token those of its update, epochs of a step counted, and those of passes
    /// without a way back: 2 a parameter, and a third of attention's. Writing answers is not among them.</summary>
    public double TotalFlops => OperationsPerToken * Run.Tokens;

    private double OperationsPerToken
    {
        get
        {
            (TrainingMethod method, ReferenceModel reference) = (Run.Method, MethodFacts.ReferenceOf(Run));
            double passes = reference == ReferenceModel.None ? 0
                : method.ReferencePasses() / (reference == ReferenceModel.Precomputed ? (double)Run.Epochs : 1);
            double sum = (passes + method.MismatchedPasses()) * Flops.ForwardPerToken;
            if (_run.Roles is not { } roles)
            {
                return sum + Flops.PerToken;
            }

            int epochs = Run.Rollout!.Epochs;
            sum += Flops.ForwardPerToken + (epochs * Flops.PerToken);
            sum += roles.Reward is { } reward ? FlopsOf(reward).ForwardPerToken : 0;
            return sum + (roles.Critic is { } critic
                ? FlopsOf(critic).ForwardPerToken + (epochs * FlopsOf(critic).PerToken) : 0);
        }
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingEstimate), PrintMembers);

    private TrainingFlops FlopsOf(PlacedRun role) => TrainingFlops.Of(role.On.Model, Run.SequenceLength, Run.Adapter);

    /// <summary>The figures with the keys of <c>llmmath train --json</c>, which
    /// <see cref="Interchange.FiguresContext"/> writes and reads.</summary>
    /// <param name="dollars">US dollars of a GPU-hour; null where no price is asked.</param>
    /// <param name="explain">Whether with the working.</param>
    public Interchange.TrainingFigures Figures(double? dollars = null, bool explain = false) =>
        TrainingJson.Of(this, dollars, explain);

    /// <summary>Parameters that are trained, over the whole model; of PPO the policy's.</summary>
    public long TrainableParameters => (_run.Run.Adapter is { } adapter ? Deployment.Model.TrainableParameters(adapter)
        : Deployment.Model.ParameterCount() - (_run.Shape.Scores ? HeadElements() : 0))
        + (_run.Shape.Scores ? _run.Architecture.HiddenSize : 0);

    private long HeadElements() => _run.Architecture.Outputs
        .Where(tensor => tensor is { Role: TensorRole.Head, TiedTo: null }).Sum(tensor => tensor.Elements);
}
