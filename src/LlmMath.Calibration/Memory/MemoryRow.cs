using LlmMath.Architectures;
using LlmMath.Memory;

namespace LlmMath.Calibration;

/// <summary>What a row of catalog/evidence/memory.csv is for.</summary>
internal enum RowUse
{
    /// <summary>Constants are fitted on it.</summary>
    Fit,

    /// <summary>It was in sight when terms were chosen, and no constant was fitted on it.</summary>
    Check,

    /// <summary>It was collected last, after everything else stood.</summary>
    HeldOut,

    /// <summary>It is what no term stands for: a fork's own recipe, experts kept apart; its note says why.</summary>
    Other,
}

/// <summary>What was measured of an engine's memory.</summary>
internal enum Quantity
{
    /// <summary>The peak over all GPUs.</summary>
    Total,

    /// <summary>The peak of one GPU.</summary>
    PerGpu,

    /// <summary>The peak of the engine's allocator, without what lies outside of it.</summary>
    Allocated,

    /// <summary>Weights of one GPU.</summary>
    Weights,

    /// <summary>A file.</summary>
    File,

    /// <summary>Activations, over all GPUs.</summary>
    Activation,

    /// <summary>Activations of one GPU.</summary>
    ActivationGpu,

    /// <summary>llama.cpp's compute buffer on the GPU.</summary>
    DeviceBuffer,

    /// <summary>llama.cpp's compute buffer in system memory.</summary>
    HostBuffer,

    /// <summary>Weights and compute buffers.</summary>
    Loaded,

    /// <summary>Weights, activations and runtime of one GPU, as vLLM's trial run finds them.</summary>
    Profiled,

    /// <summary>Cached bytes of a token.</summary>
    CacheToken,

    /// <summary>Cached bytes of a token on one GPU.</summary>
    CacheTokenGpu,

    /// <summary>The cache.</summary>
    Cache,

    /// <summary>Recurrent states.</summary>
    State,
}

/// <summary>A measured figure of catalog/evidence/memory.csv; what a source does not state is null.</summary>
internal sealed record MemoryRow
{
    /// <summary>What it is for.</summary>
    public required RowUse Use { get; init; }

    /// <summary>What was measured.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>The engine; llama.cpp for files.</summary>
    public required Engine Engine { get; init; }

    /// <summary>The model's name, and what it is.</summary>
    public required ModelDefinition Model { get; init; }

    /// <summary>How the weights are stored.</summary>
    public required WeightFormat Weights { get; init; }

    /// <summary>How keys, or the whole cache, are stored.</summary>
    public CacheFormat? Keys { get; init; }

    /// <summary>How values are stored, where otherwise than keys.</summary>
    public CacheFormat? Values { get; init; }

    /// <summary>The GPU.</summary>
    public Gpu? Gpu { get; init; }

    /// <summary>Whether it ran without a GPU.</summary>
    public bool IsOnCpu { get; init; }

    /// <summary>GPUs that share each layer, 1 or more.</summary>
    public required int Tensor { get; init; }

    /// <summary>GPUs among which layers are divided, 1 or more.</summary>
    public required int Pipeline { get; init; }

    /// <summary>Sequences, 1 or more.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of a prompt.</summary>
    public int? Prompt { get; init; }

    /// <summary>Tokens of the context.</summary>
    public int? Context { get; init; }

    /// <summary>Most tokens of a pass, where it was not the engine's default.</summary>
    public int? PassTokens { get; init; }

    /// <summary>Sequences of the engine's trial run, where it was not its default.</summary>
    public int? Sequences { get; init; }

    /// <summary>Bytes of an attention score, where a build kept them.</summary>
    public double? ScoreBytes { get; init; }

    /// <summary>Whether the build kept the windows of layers that have one.</summary>
    public required bool HasWindows { get; init; }

    /// <summary>Bytes.</summary>
    public required double Bytes { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Source { get; init; }

    /// <summary>What a reader should know.</summary>
    public required string Note { get; init; }
}
