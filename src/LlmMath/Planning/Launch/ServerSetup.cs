using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a start command tells an engine, as far as estimates reckon with it. What it does not say is null.</summary>
public sealed record ServerSetup
{
    /// <summary>The engine's entry: <c>vllm</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The checkpoint: a repository's id, a folder or a file.</summary>
    public required string Model { get; init; }

    /// <summary>The name at the API.</summary>
    public string? ServedName { get; init; }

    /// <summary>The checkpoint's revision.</summary>
    public string? Revision { get; init; }

    /// <summary>The format into which weights are brought as they are loaded, in the engine's word: <c>fp8</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>The number format of activations, in the engine's word.</summary>
    public string? DataType { get; init; }

    /// <summary>GPUs that share each layer.</summary>
    public int? Tensor { get; init; }

    /// <summary>Stages, each with a run of the layers.</summary>
    public int? Pipeline { get; init; }

    /// <summary>The longest sequence in tokens.</summary>
    public long? Context { get; init; }

    /// <summary>Requests at once.</summary>
    public int? Requests { get; init; }

    /// <summary>Tokens of a pass.</summary>
    public int? PassTokens { get; init; }

    /// <summary>The share of the GPU's memory.</summary>
    public double? MemoryShare { get; init; }

    /// <summary>The cache's number format, in the engine's word.</summary>
    public string? Cache { get; init; }

    /// <summary>The address that it listens on.</summary>
    public string? Host { get; init; }

    /// <summary>The port that it listens on.</summary>
    public int? Port { get; init; }

    /// <summary>The side that it is, where some servers only read prompts (<c>prefill</c>) and others only write
    /// (<c>decode</c>); null for both.</summary>
    public string? Role { get; init; }

    /// <summary>Flags that were read and that estimates do not reckon with.</summary>
    public ValueList<string> Unreckoned { get; init; } = [];

    /// <summary>GPUs that it runs on; 2³¹ − 1 where there would be more.</summary>
    public int Gpus => (int)Math.Clamp((long)(Tensor ?? 1) * (Pipeline ?? 1), int.MinValue, int.MaxValue);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ServerSetup), PrintMembers);
}
