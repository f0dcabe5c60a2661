namespace LlmMath.Training;

/// <summary>What adapters train of a model.</summary>
public static class ModelAdapters
{
    /// <summary>Number of parameters that an adapter trains.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">The adapter.</param>
    /// <exception cref="EstimateException">A rank is below 1, or a name means nothing of the model; the error lists what
    /// there is.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static long TrainableParameters(this ModelDefinition model, LoraSpec adapter) => model.Adapted(adapter).Total;

    /// <summary>The same with its working, and with what the adapter does not reach.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">The adapter.</param>
    /// <exception cref="EstimateException">As <see cref="TrainableParameters"/>.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static AdapterParameters Adapted(this ModelDefinition model, LoraSpec adapter)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapter);
        return new(model.Architecture, adapter);
    }
}
