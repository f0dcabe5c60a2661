using System.Text.Json.Serialization;
using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A speed estimate as <c>llmmath speed --json</c> prints it: formats by name, times in milliseconds.</summary>
public sealed record SpeedFigures
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The GPU's name.</summary>
    public string? Gpu { get; init; }

    /// <summary>How many of it, those that only read prompts too.</summary>
    public required int Gpus { get; init; }

    /// <summary>GPUs that only read prompts; null where all read and write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PrefillGpus { get; init; }

    /// <summary>Their kind; null where all read and write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PrefillGpu { get; init; }

    /// <summary>GPUs that only write; null where all read and write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DecodeGpus { get; init; }

    /// <summary>GPUs that share every layer.</summary>
    public required int Tp { get; init; }

    /// <summary>Stages that the layers are divided into.</summary>
    public required int Pp { get; init; }

    /// <summary>Replicas.</summary>
    public required int Dp { get; init; }

    /// <summary>GPUs that the experts are divided over; 0 for as many as share a layer.</summary>
    public required int Ep { get; init; }

    /// <summary>The engine's name.</summary>
    public required string Engine { get; init; }

    /// <summary>The weights' format.</summary>
    public required string Weights { get; init; }

    /// <summary>The cache's format.</summary>
    public required string Kv { get; init; }

    /// <summary>Requests at once.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of a prompt.</summary>
    public required long Prompt { get; init; }

    /// <summary>Those of them that are cached already.</summary>
    public required long Cached { get; init; }

    /// <summary>Tokens of an answer.</summary>
    public required long Output { get; init; }

    /// <summary>How requests come: <c>steady</c>, <c>in-step</c>, <c>together</c> or
    /// <c>closed-loop</c>.</summary>
    public required string Arrival { get; init; }

    /// <summary>Tokens drafted at each step; null without drafts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DraftTokens { get; init; }

    /// <summary>Tokens that a step with drafts yields; null without drafts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RangeFigures? TokensPerStep { get; init; }

    /// <summary>Time to the first token.</summary>
    public required RangeFigures TimeToFirstTokenMs { get; init; }

    /// <summary>Time between tokens.</summary>
    public required RangeFigures InterTokenLatencyMs { get; init; }

    /// <summary>Time of a whole answer.</summary>
    public required RangeFigures TotalMs { get; init; }

    /// <summary>Tokens a second, of all requests.</summary>
    public required RangeFigures OutputTokensPerSecond { get; init; }

    /// <summary>Of one user.</summary>
    public required RangeFigures OutputTokensPerSecondPerUser { get; init; }

    /// <summary>Of one GPU.</summary>
    public required RangeFigures OutputTokensPerSecondPerGpu { get; init; }

    /// <summary>Joules a token; null where the power is not known.</summary>
    public double? JoulesPerToken { get; init; }

    /// <summary>Requests that run on average while it is full.</summary>
    public required double RunningRequests { get; init; }

    /// <summary>Requests that run on average, in hundredths.</summary>
    public required double SteadyStateRequests { get; init; }

    /// <summary>What takes most time: <c>weight-bandwidth</c>, <c>compute</c> and so on.</summary>
    public required string Bottleneck { get; init; }

    /// <summary>What the estimate rests on: <c>measured</c>, <c>kernels-measured</c>, <c>interpolated</c>, <c>extrapolated</c>
    /// or <c>bound</c>.</summary>
    public required string Basis { get; init; }

    /// <summary>What it rests on, in a sentence.</summary>
    public string? Evidence { get; init; }

    /// <summary>Measured rows of the engine on that GPU with layers of the same kinds and weights stored alike.</summary>
    public int EvidenceRows { get; init; }

    /// <summary>Of how many sources they are.</summary>
    public int EvidenceSources { get; init; }

    /// <summary>Whether weights are unpacked before they are multiplied.</summary>
    public required bool DequantizesWeights { get; init; }

    /// <summary>Whether it fits; null where that is not known.</summary>
    public bool? Fits { get; init; }

    /// <summary>Bytes that the fullest of the GPUs that only read prompts holds; null where all read and write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PrefillPerGpuBytes { get; init; }

    /// <summary>Bytes that the fullest of the GPUs that only write holds; null where all read and write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DecodePerGpuBytes { get; init; }

    /// <summary>Which tensors lie in system memory, as rules; null for none.</summary>
    public string? Tensors { get; init; }

    /// <summary>Bytes that lie in system memory.</summary>
    public required long HostBytes { get; init; }

    /// <summary>What was chosen where nothing was said.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The working; left out where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TimeLine>? Explain { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(SpeedFigures), PrintMembers);
}
