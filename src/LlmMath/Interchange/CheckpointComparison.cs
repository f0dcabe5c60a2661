namespace LlmMath.Interchange;

/// <summary>A tensor whose shape is not the one that the definition gives it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Expected">The definition's shape, in PyTorch's order.</param>
/// <param name="Found">The file's shape, in PyTorch's order.</param>
public sealed record ShapeMismatch(string Name, string Expected, string Found);

/// <summary>A checkpoint's header held against a definition, tensor by tensor.</summary>
public sealed record CheckpointComparison
{
    /// <summary>The definition's name.</summary>
    public required string Against { get; init; }

    /// <summary>Tensors that are there with the shape they should have.</summary>
    public required int Matched { get; init; }

    /// <summary>Tensors of the definition that the file lacks, in the definition's order, at most 100,000 of them; <see
    /// cref="MissingCount"/> counts all. A tied tensor may be left out.</summary>
    public required ValueList<string> Missing { get; init; }

    /// <summary>How many tensors of the definition the file lacks, 0 or more.</summary>
    public required long MissingCount { get; init; }

    /// <summary>Tensors of the file that the definition does not know.</summary>
    public required ValueList<string> Unexpected { get; init; }

    /// <summary>Tensors of another shape.</summary>
    public required ValueList<ShapeMismatch> Mismatched { get; init; }

    /// <summary>Tensors of the file beyond the decoder that are accounted for: multi-token prediction, stored masks, quantization
    /// scales, a copy of a tied head.</summary>
    public required ValueList<string> Beyond { get; init; }

    /// <summary>Whether nothing is missing, unexpected or of another shape.</summary>
    public bool Matches => MissingCount == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>Compares a header with a definition. Names may stand under another prefix than the definition's
    /// (<c>language_model.</c>, or none); GGUF's names are mapped. The work is that of the file's tensors and the definition's
    /// layers, however many experts these have.</summary>
    /// <param name="header">The checkpoint's header.</param>
    /// <param name="definition">The definition.</param>
    /// <exception cref="DefinitionException">The definition's config cannot be read.</exception>
    public static CheckpointComparison Of(CheckpointHeader header, ModelDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(definition);
        return header.Format == "gguf"
            ? GgufComparison.Of(header, definition)
            : NamedComparison.Of(header, definition);
    }
}
