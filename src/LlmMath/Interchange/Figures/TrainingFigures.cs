using System.Text.Json.Serialization;
using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A training estimate as <c>llmmath train --json</c> prints it: sizes in bytes, times in milliseconds and
/// hours.</summary>
public sealed record TrainingFigures
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The GPU's name; null where none was named.</summary>
    public string? Gpu { get; init; }

    /// <summary>How many of it.</summary>
    public required int Gpus { get; init; }

    /// <summary>The trainer's name.</summary>
    public string? Trainer { get; init; }

    /// <summary>Parameters that are trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>What the process takes of the fullest GPU.</summary>
    public required long PerGpuBytes { get; init; }

    /// <summary>What its tensors take there.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>What the allocator holds there.</summary>
    public required long ReservedBytes { get; init; }

    /// <summary>What lies in system memory.</summary>
    public required long HostBytes { get; init; }

    /// <summary>What lies on the machine's drives.</summary>
    public long NvmeBytes { get; init; }

    /// <summary>The moment of the peak: <c>end-of-forward</c>, <c>loss</c> and so on.</summary>
    public required string Peak { get; init; }

    /// <summary>What is held at that moment.</summary>
    public required IReadOnlyList<NamedBytes> Parts { get; init; }

    /// <summary>Operations of the whole run, by the architecture.</summary>
    public required double Flops { get; init; }

    /// <summary>The same as 6 × parameters × tokens.</summary>
    public required double Flops6nd { get; init; }

    /// <summary>Tokens a second of one GPU; null where nobody measured.</summary>
    public RangeFigures? TokensPerSecondPerGpu { get; init; }

    /// <summary>Time of a step; null where nobody measured.</summary>
    public RangeFigures? StepMs { get; init; }

    /// <summary>A step's parts.</summary>
    public IReadOnlyList<NamedTime> Phases { get; init; } = [];

    /// <summary>What the fullest GPU holds in each phase of reinforcement learning; empty with every other method.</summary>
    public IReadOnlyList<NamedBytes> MemoryPhases { get; init; } = [];

    /// <summary>Share of the hours that trains: the rest goes to checkpoints, failures and restarts; null where nobody
    /// measured.</summary>
    public RangeFigures? Goodput { get; init; }

    /// <summary>Seconds that steps wait for a checkpoint; null where nobody measured.</summary>
    public double? CheckpointSeconds { get; init; }

    /// <summary>Minutes between checkpoints that lose least; null where nothing fails, or nobody measured.</summary>
    public double? CheckpointEveryMinutes { get; init; }

    /// <summary>GPU-hours of the whole run by the wall's clock; null where nobody measured.</summary>
    public RangeFigures? GpuHours { get; init; }

    /// <summary>Hours of the whole run by the wall's clock; null where nobody measured.</summary>
    public RangeFigures? Hours { get; init; }

    /// <summary>US dollars of the whole run; null without a price.</summary>
    public RangeFigures? CostUsd { get; init; }

    /// <summary>Share of the peak rate that is reached, 0 to 1; null where nobody measured.</summary>
    public RangeFigures? Mfu { get; init; }

    /// <summary>What the estimate rests on.</summary>
    public required string Basis { get; init; }

    /// <summary>Whether it fits; null without a GPU.</summary>
    public bool? Fits { get; init; }

    /// <summary>Changes that take less memory.</summary>
    public IReadOnlyList<SavingFigure> Saves { get; init; } = [];

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was chosen where nothing was said.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>The working; left out where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ByteLine>? Explain { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingFigures), PrintMembers);
}
