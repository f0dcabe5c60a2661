namespace LlmMath.Numerics;

/// <summary>How far a format's scales reach: what one call of <see cref="NumberFormat.Quantize"/> is to be given.</summary>
public enum QuantizationScope
{
    /// <summary>Blocks of one size: any part of a tensor that is whole blocks.</summary>
    Block,

    /// <summary>A scale a row: a row.</summary>
    Row,

    /// <summary>Something that is one for the tensor: the tensor.</summary>
    Tensor,
}
