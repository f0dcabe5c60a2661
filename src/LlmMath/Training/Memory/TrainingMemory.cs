using LlmMath.Basics;
using LlmMath.Training.Memory;

namespace LlmMath.Training;

/// <summary>What training takes of the fullest GPU, and beside it of the host's memory. The parts add up to
/// <see cref="Allocated"/>.</summary>
public sealed record TrainingMemory
{
    private readonly PlacedRun _run;
    private readonly PhasePeaks _phases;
    private readonly MomentSum _peak;

    internal TrainingMemory(PlacedRun run, in PhasePeaks phases, long host, long drives)
    {
        (_run, _phases, _peak, Host, Nvme) = (run, phases, phases.Worst, new(host), new(drives));
        double low = run.Trainer.ReservedLow, high = run.Trainer.ReservedHigh;
        // The engine's pool is one piece.
        long pool = _peak.Beside.Engine, own = _peak.Total - pool;
        Reserved = new(new(pool + Times(own, low)), new(pool + Times(own, run.Trainer.Reserved)), new(pool + Times(own, high)));
        ByteRange context = run.Trainer.Context;
        Process = new(Reserved.Low + context.Low, Reserved.Expected + context.Expected, Reserved.High + context.High);
    }

    /// <summary>When memory is fullest.</summary>
    public TrainingMoment Moment => _peak.Moment;

    /// <summary>The stage of the pipeline that holds most, 0 first.</summary>
    public int Stage => _peak.Stage;

    /// <summary>What tensors take of the fullest GPU at its fullest moment: PyTorch's <c>max_memory_allocated</c>.</summary>
    public ByteSize Allocated => new(_peak.Total);

    /// <summary>What the allocator holds for them: PyTorch's <c>max_memory_reserved</c>.</summary>
    public ByteRange Reserved { get; }

    /// <summary>What the process holds: the same with context and libraries, as nvidia-smi shows it.</summary>
    public ByteRange Process { get; }

    /// <summary>What lies in the host's memory for each GPU.</summary>
    public ByteSize Host { get; }

    /// <summary>What lies on the machine's drives for each GPU.</summary>
    public ByteSize Nvme { get; }

    /// <summary>The parts of <see cref="Allocated"/>, by name; those that take nothing are left out.</summary>
    public ValueList<MemoryPart> Parts
    {
        get
        {
            (string Name, long Bytes)[] parts =
            [
                ("frozen weights", _peak.Weights), ("trained parameters", _peak.Parameters), ("gradients", _peak.Gradients),
                ("optimizer's copies", _peak.Copies), ("optimizer's moments", _peak.Moments),
                ("copies for the pass", _peak.PassCopies), ("activations", _peak.Activations), ("logits and loss", _peak.Logits),
                ("gathered layers", _peak.Gathered), ("temporaries", _peak.Temporaries), ("workspace", _peak.Workspace),
                ("reference model", _peak.Beside.Reference), ("critic", _peak.Beside.Critic),
                ("reward model", _peak.Beside.Reward), ("policy", _peak.Beside.Policy), ("rollout engine", _peak.Beside.Engine),
            ];
            return [.. parts.Where(part => part.Bytes != 0).Select(part => new MemoryPart(part.Name, new(part.Bytes)))];
        }
    }

    /// <summary>The fullest moment of each phase of a step of reinforcement learning, by the name of the phase; empty with every
    /// other method.</summary>
    public ValueList<MemoryPart> Phases => _run.Roles is null ? [] :
    [
        .. new (string Name, MomentSum Peak)[]
        {
            ("rollout", _phases.Rollout), ("policy log-probabilities", _phases.PolicyPass),
            ("reference log-probabilities", _phases.ReferencePass), ("scores and values", _phases.ScorePass),
            ("update", _phases.Update), ("critic update", _phases.CriticUpdate),
        }.Where(phase => phase.Peak.Total > 0).Select(phase => new MemoryPart(phase.Name, new(phase.Peak.Total))),
    ];

    /// <summary>Need and room on the deployment's GPU; null where it names none, or nobody sourced its memory.</summary>
    public MemoryFit? Fit => _run.On.Gpu is { IsMemoryKnown: true } gpu
        ? new(gpu, Process.Expected, MemoryFit.Usable(gpu))
        : null;

    /// <summary>Whether it fits the deployment's GPUs; null where <see cref="Fit"/> is.</summary>
    public bool? Fits => Fit?.Fits;

    /// <summary>What it rests on: measured runs of the trainer, or its formulas alone.</summary>
    public Basis Basis => _run.Trainer.IsMeasured ? Basis.Measured : Basis.Bound;

    /// <summary>The working: a line a part; the last line's total is <see cref="Allocated"/>.</summary>
    public ValueList<DerivationLine> Explain() => MemoryWorking.Of(_run, _peak);

    /// <summary>What of the estimate is largest, and when.</summary>
    public override string ToString() => $"{Allocated} allocated, {Process.Expected} of the process, at {Moment}";

    private static long Times(long bytes, double factor) => checked((long)Math.Ceiling(bytes * factor));
}
