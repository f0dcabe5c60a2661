using LlmMath.Memory;

namespace LlmMath.Interchange;

/// <summary>A model's count as figures in JSON.</summary>
public static class ModelFigures
{
    /// <summary>The count with the keys of <c>llmmath params --json</c>, which <see cref="FiguresContext"/> writes and
    /// reads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="convention">How to count.</param>
    /// <param name="explain">Whether with the working.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static ParameterFigures Figures(this ModelDefinition model,
        CountingConvention convention = CountingConvention.Checkpoint, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        return MemoryJson.Of(model, convention, explain);
    }
}
