namespace LlmMath;

/// <summary>What is wrong with a definition, a config or a checkpoint header.</summary>
public enum DefinitionFault
{
    /// <summary>The text or the bytes are not of the format: broken JSON, a wrong magic number, an early end.</summary>
    Malformed,

    /// <summary>A field that must be given is missing.</summary>
    MissingField,

    /// <summary>A field that the format does not have.</summary>
    UnknownField,

    /// <summary>A field has a wrong type, is out of range, or does not go with another.</summary>
    InvalidValue,

    /// <summary>The <c>model_type</c> is of no known family.</summary>
    UnknownFamily,

    /// <summary>A published count contradicts the computed one.</summary>
    Contradiction,

    /// <summary>The file, or a size in it, is larger than anything real.</summary>
    TooLarge,

    /// <summary>A field of the config that the family does not read and that could change a shape.</summary>
    NotUnderstood,
}

/// <summary>A definition, a config or a checkpoint header that cannot be read: names the file, the field and what would be
/// right.</summary>
public sealed class DefinitionException : Exception
{
    /// <summary>Makes an error without a file, which a caller who knows it adds with <see cref="In"/>.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="field">The field at fault, as a path (<c>text_config.hidden_size</c>); empty where it is the whole
    /// file.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    /// <param name="inner">What caused it, or null.</param>
    public DefinitionException(DefinitionFault fault, string field, string problem, Exception? inner = null)
        : this(fault, null, field, problem, inner)
    {
    }

    private DefinitionException(DefinitionFault fault, string? file, string field, string problem, Exception? inner)
        : base(string.Join(": ", new[] { file, field, problem }.Where(part => !string.IsNullOrEmpty(part))), inner) =>
        (Fault, File, Field, Problem) = (fault, file, field, problem);

    /// <summary>What is wrong.</summary>
    public DefinitionFault Fault { get; }

    /// <summary>The file or entry, or null where it is not known.</summary>
    public string? File { get; }

    /// <summary>The field at fault, as a path; empty where it is the whole file.</summary>
    public string Field { get; }

    /// <summary>What is wrong and what would be right, without file and field.</summary>
    public string Problem { get; }

    /// <summary>The same error, with the file's name.</summary>
    /// <param name="file">The file or entry.</param>
    public DefinitionException In(string file) => new(Fault, file, Field, Problem, InnerException);
}
