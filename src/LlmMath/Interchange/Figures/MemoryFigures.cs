using System.Text.Json.Serialization;
using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A memory estimate as <c>llmmath memory --json</c> prints it: formats by name, sizes in bytes.</summary>
public sealed record MemoryFigures
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The GPU's name, or several; null where none was named.</summary>
    public string? Gpu { get; init; }

    /// <summary>The weights' format; <c>checkpoint</c> where a file says what it holds.</summary>
    public required string Weights { get; init; }

    /// <summary>The cache's format, <c>keys/values</c> where they differ.</summary>
    public required string Kv { get; init; }

    /// <summary>The engine's name; null for weights and cache alone.</summary>
    public string? Engine { get; init; }

    /// <summary>Requests at once.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of each, prompt and answer together.</summary>
    public required long Context { get; init; }

    /// <summary>GPUs that share every layer.</summary>
    public required int Tp { get; init; }

    /// <summary>Stages that the layers are divided into.</summary>
    public required int Pp { get; init; }

    /// <summary>GPUs that the experts are divided over; 0 for as many as share a layer.</summary>
    public required int Ep { get; init; }

    /// <summary>Replicas.</summary>
    public required int Dp { get; init; }

    /// <summary>GPUs that only read prompts; null where all read and write. The other figures are of those that write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PrefillGpus { get; init; }

    /// <summary>What the fullest of the GPUs that only read prompts holds; null where all read and write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PrefillPerGpuBytes { get; init; }

    /// <summary>Weights, over all GPUs.</summary>
    public required long WeightsBytes { get; init; }

    /// <summary>What one more token of one sequence adds below every window.</summary>
    public required long KvBytesPerToken { get; init; }

    /// <summary>The same once all windows are full.</summary>
    public required long KvBytesPerTokenBeyondWindows { get; init; }

    /// <summary>What one sequence holds whatever its length.</summary>
    public required long StateBytes { get; init; }

    /// <summary>Keys, values and states of all sequences.</summary>
    public required long KvCacheBytes { get; init; }

    /// <summary>The peak of activations.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Context, graphs, buffers and tables.</summary>
    public required long RuntimeBytes { get; init; }

    /// <summary>What was added: adapters, drafts, a vision tower.</summary>
    public required long AdditionBytes { get; init; }

    /// <summary>All of it, over all GPUs and system memory.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>The total's range.</summary>
    public required ByteFigures TotalRange { get; init; }

    /// <summary>What the fullest GPU holds.</summary>
    public required long PerGpuBytes { get; init; }

    /// <summary>Its weights.</summary>
    public required long PerGpuWeightsBytes { get; init; }

    /// <summary>Its share of the cache.</summary>
    public required long PerGpuKvCacheBytes { get; init; }

    /// <summary>Sines and cosines, part of the runtime.</summary>
    public required long RotaryTableBytes { get; init; }

    /// <summary>What lies in system memory.</summary>
    public required long HostBytes { get; init; }

    /// <summary>The weights among it.</summary>
    public required long HostWeightsBytes { get; init; }

    /// <summary>Which tensors lie in system memory, as rules; null for none.</summary>
    public string? Tensors { get; init; }

    /// <summary>Whether it fits; null without a GPU.</summary>
    public bool? Fits { get; init; }

    /// <summary>What the engine may take of a GPU; left out without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RoomBytes { get; init; }

    /// <summary>The longest context that fits, in tokens; null where none does, or it was not asked.</summary>
    public long? MaxContext { get; init; }

    /// <summary>The most requests that fit; null where none does, or it was not asked.</summary>
    public int? MaxBatch { get; init; }

    /// <summary>The fewest GPUs that it fits on; null where it was not asked.</summary>
    public int? MinGpus { get; init; }

    /// <summary>Layers that one GPU holds where the rest is offloaded; null where it was not asked.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Rules of tensors with which it would fit one GPU; null where it fits, or it was not asked.</summary>
    public string? FittingTensors { get; init; }

    /// <summary>What was chosen where nothing was said.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Changes that take less memory, where it does not fit.</summary>
    public IReadOnlyList<AdviceFigure> Advice { get; init; } = [];

    /// <summary>The working; left out where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ByteLine>? Explain { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(MemoryFigures), PrintMembers);
}
