using LlmMath.Cli.Output;

namespace LlmMath.Cli.Commands;

/// <summary>Fields of a config that its family does not read and that could change a shape.</summary>
internal static class NotUnderstood
{
    /// <summary>They in one line; null where there are none.</summary>
    public static string? Line(ModelDefinition model) => model.NotUnderstood.Count == 0 ? null
        : $"not understood, and may make it another model: {Short(model.NotUnderstood)}";

    // A config may have thousands.
    private static string Short(ValueList<string> fields)
    {
        const int most = 8;
        return string.Join(", ", fields.Take(most)) + (fields.Count > most ? $" and {Tables.N(fields.Count - most)} more" : "");
    }

    /// <summary>Refuses a model that has any.</summary>
    /// <exception cref="CliException">It has; the error names file and field.</exception>
    public static void Refuse(string name, ModelDefinition model)
    {
        if (Line(model) is { } line)
        {
            throw new CliException(
                $"{name}: {line}. --strict refuses what the family {model.Architecture.Family} does not read.");
        }
    }
}
