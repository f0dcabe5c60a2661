namespace LlmMath.Calibration;

/// <summary>What is left out together: a model, as far as its shape goes, on a GPU.</summary>
/// <param name="Parameters">The model's parameters: two names of one shape are one model.</param>
/// <param name="Gpu">The catalog's name of the GPU.</param>
internal readonly record struct ModelOnGpu(long Parameters, string Gpu) : IComparable<ModelOnGpu>
{
    /// <summary>By the number of parameters, then by the GPU's name.</summary>
    public int CompareTo(ModelOnGpu other) => Parameters != other.Parameters ? Parameters.CompareTo(other.Parameters)
        : string.CompareOrdinal(Gpu, other.Gpu);
}
