namespace LlmMath.Architectures;

/// <summary>In which number format the products of quantized weights are made, where a GPU has a rate for it.</summary>
public enum ProductFormat
{
    /// <summary>In 16 bits: weights are widened before they are multiplied, or are 16 bits wide.</summary>
    Half,

    /// <summary>In 32-bit floats (TF32 where the GPU has it).</summary>
    Single,

    /// <summary>In 8-bit floats: activations are rounded too.</summary>
    Float8,

    /// <summary>In 8-bit integers: activations are rounded too.</summary>
    Integer8,

    /// <summary>In 4-bit floats: activations are rounded too.</summary>
    Float4,
}
