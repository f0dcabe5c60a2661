namespace LlmMath;

/// <summary>Memory of weights as on paper: every weight alike.</summary>
public static class WeightMemory
{
    /// <summary>
    /// Bytes of a number of weights that are all stored alike: ⌈parameters × bits ÷ 8⌉, without block scales and with no tensor
    /// left out. What a quantized checkpoint really takes, <see cref="ModelMemory.WeightMemory"/> tells.
    /// </summary>
    /// <param name="parameters">Weights, 0 or more.</param>
    /// <param name="format">How each is stored; not a mix of several formats.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of weights is negative, or so many take more than 2⁶³ − 1
    /// bytes.</exception>
    /// <exception cref="EstimateException">The format is a mix, whose bits depend on the model's tensors.</exception>
    public static ByteSize Of(long parameters, WeightFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameters);
        ArgumentNullException.ThrowIfNull(format);
        int bits = format.ElementBits ?? throw new EstimateException("Format",
            $"{format.Name} stores tensors in several formats.", "Ask for a model's weight memory instead.");
        Int128 bytes = (((Int128)parameters * bits) + 7) / 8;
        return bytes <= long.MaxValue ? new ByteSize((long)bytes)
            : throw LlmMath.Basics.TooLarge.Of(nameof(parameters), $"so many weights in {format}");
    }

    /// <summary>Bytes of a model's weights, all stored alike.</summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How each weight is stored; not a mix.</param>
    /// <param name="convention">Which parameters count; what the checkpoint holds unless stated.</param>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="EstimateException">The format is a mix, whose bits depend on the model's tensors.</exception>
    /// <exception cref="ArgumentOutOfRangeException">They take more than 2⁶³ − 1 bytes.</exception>
    public static ByteSize UniformWeightMemory(this ModelDefinition model, WeightFormat format,
        CountingConvention convention = CountingConvention.Checkpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model.ParameterCount(convention), format);
    }
}
