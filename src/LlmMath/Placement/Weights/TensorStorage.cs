using LlmMath.Architectures;

namespace LlmMath.Placement.Weights;

/// <summary>A tensor as a scheme stores it over some layers: a scheme may choose layer by layer.</summary>
/// <param name="Bytes">Bytes over these layers.</param>
/// <param name="WideLayers">Layers in which its elements take more than 10 bits, what stands beside blocks left out.</param>
/// <param name="EightLayers">Layers in which they take more than 6 and at most 10.</param>
/// <param name="FourLayers">Layers in which they take 6 or less.</param>
internal readonly record struct TensorStorage(long Bytes, int WideLayers, int EightLayers, int FourLayers)
{
    /// <summary>Layers over all widths.</summary>
    public int Layers => WideLayers + EightLayers + FourLayers;

    /// <summary>A tensor that so many layers store alike.</summary>
    public static TensorStorage Of(TensorEncoding encoding, Tensor tensor, int layers)
    {
        long bytes = checked(layers * encoding.SizeOf(tensor.Matrices));
        return encoding.BitsPerElement switch
        {
            > 10 => new(bytes, layers, 0, 0),
            > 6 => new(bytes, 0, layers, 0),
            _ => new(bytes, 0, 0, layers),
        };
    }

    /// <summary>The sum with other layers.</summary>
    public TensorStorage Plus(in TensorStorage other) => new(checked(Bytes + other.Bytes), WideLayers + other.WideLayers,
        EightLayers + other.EightLayers, FourLayers + other.FourLayers);
}
