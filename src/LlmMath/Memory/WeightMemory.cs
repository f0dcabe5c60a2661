namespace LlmMath;

/// <summary>Memory of a model's weights.</summary>
public static class WeightMemory
{
    /// <summary>
    /// Bytes of a number of weights that are all stored alike: ⌈parameters × bits ÷ 8⌉. Holds for a format without block scales; what a
    /// quantized checkpoint adds is not in it.
    /// </summary>
    /// <param name="parameters">Weights, 0 or more.</param>
    /// <param name="format">How each is stored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of weights is negative.</exception>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bits.</exception>
    public static ByteSize Of(long parameters, WeightFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameters);
        ArgumentNullException.ThrowIfNull(format);
        long bits = checked(parameters * format.BitsPerWeight);
        return new ByteSize((bits / 8) + (bits % 8 == 0 ? 0 : 1));
    }

    /// <summary>Bytes of a model's weights, all stored alike.</summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How each weight is stored.</param>
    /// <param name="convention">Which parameters count; what the checkpoint holds unless stated.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static ByteSize UniformWeightMemory(this ModelDefinition model, WeightFormat format, CountingConvention convention = CountingConvention.Checkpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model.ParameterCount(convention), format);
    }
}
