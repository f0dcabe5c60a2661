using Microsoft.CodeAnalysis;

namespace LlmMath.Generators;

/// <summary>The diagnostics, one for each thing that can be wrong with a definition. Each has an anchor in README.md.</summary>
internal static class Descriptors
{
    private const string Readme = "https://github.com/llmmath/llmmath/blob/main/README.md#";

    public static readonly DiagnosticDescriptor Malformed = Error("LLM001", "The definition cannot be read");
    public static readonly DiagnosticDescriptor MissingField = Error("LLM002", "A field is missing");
    public static readonly DiagnosticDescriptor UnknownField = Error("LLM003", "A field is unknown");
    public static readonly DiagnosticDescriptor InvalidValue = Error("LLM004", "A value is wrong");
    public static readonly DiagnosticDescriptor UnknownFamily = Error("LLM005", "The family is unknown");
    public static readonly DiagnosticDescriptor DuplicateName = Error("LLM006", "Two definitions have one name");
    public static readonly DiagnosticDescriptor Contradiction = Error("LLM007", "A published count contradicts the computed one");
    public static readonly DiagnosticDescriptor TooLarge = Error("LLM008", "The definition is too large");
    public static readonly DiagnosticDescriptor InvalidName = Error("LLM009", "The name cannot become a member");
    public static readonly DiagnosticDescriptor Failure = Error("LLM010", "The generator has a fault");
    public static readonly DiagnosticDescriptor NotUnderstood = Error("LLM012", "A field of the config is not understood");

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        Malformed, MissingField, UnknownField, InvalidValue, UnknownFamily, DuplicateName, Contradiction, TooLarge, InvalidName,
        Failure, NotUnderstood,
    ];

    public static DiagnosticDescriptor Of(DefinitionFault fault) => fault switch
    {
        DefinitionFault.Malformed => Malformed,
        DefinitionFault.MissingField => MissingField,
        DefinitionFault.UnknownField => UnknownField,
        DefinitionFault.InvalidValue => InvalidValue,
        DefinitionFault.UnknownFamily => UnknownFamily,
        DefinitionFault.NotUnderstood => NotUnderstood,
        DefinitionFault.Contradiction => Contradiction,
        _ => TooLarge,
    };

    private static DiagnosticDescriptor Error(string id, string title) =>
        new(id, title, messageFormat: "{0}", category: "LlmMath", DiagnosticSeverity.Error,
            isEnabledByDefault: true, helpLinkUri: Readme + id.ToLowerInvariant());
}
