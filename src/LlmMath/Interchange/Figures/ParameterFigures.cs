using System.Text.Json.Serialization;
using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A count of parameters as <c>llmmath params --json</c> prints it.</summary>
public sealed record ParameterFigures
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Its family, as <c>model_type</c> gives it.</summary>
    public required string? Family { get; init; }

    /// <summary>How it was counted: <c>checkpoint</c> or <c>hand-estimate</c>.</summary>
    public required string Convention { get; init; }

    /// <summary>All parameters of the decoder.</summary>
    public required long Parameters { get; init; }

    /// <summary>Those that one token uses.</summary>
    public required long? ActiveParameters { get; init; }

    /// <summary>By component; they add up to all.</summary>
    public required IReadOnlyList<NamedCount> Components { get; init; }

    /// <summary>What a checkpoint may hold beyond the decoder.</summary>
    public required IReadOnlyList<NamedCount> BeyondDecoder { get; init; }

    /// <summary>Parts that the config names and that are not counted.</summary>
    public required IReadOnlyList<string> NotCounted { get; init; }

    /// <summary>The format that the config's own quantization makes; left out where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CheckpointFormat { get; init; }

    /// <summary>Bytes of the checkpoint by it; left out where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CheckpointBytes { get; init; }

    /// <summary>Fields of the config that its family does not read and that could change the count.</summary>
    public required IReadOnlyList<string> NotUnderstood { get; init; }

    /// <summary>What the config left out.</summary>
    public required IReadOnlyList<AssumedFigure> Assumed { get; init; }

    /// <summary>The working; left out where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CountLine>? Explain { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ParameterFigures), PrintMembers);
}
