namespace LlmMath.Placement.Work;

/// <summary>How wide the elements of a product's weights are.</summary>
internal enum ElementWidth
{
    /// <summary>More than 10 bits.</summary>
    Wide,

    /// <summary>More than 6 bits, at most 10.</summary>
    Eight,

    /// <summary>6 bits or less.</summary>
    Four,
}

/// <summary>One product as one GPU makes it: tokens × (outputs × inputs), in each of some layers. Matrices with the same inputs
/// that engines join (queries, keys and values; gate and up) are one.</summary>
/// <param name="Width">How wide the weights' elements are.</param>
/// <param name="Outputs">Rows of the weights on this GPU, above 0.</param>
/// <param name="Inputs">Columns of the weights on this GPU, above 0.</param>
/// <param name="Layers">Layers.</param>
/// <param name="EndsPart">Whether it leaves a part of a sum that the GPUs of a tensor-parallel group must add.</param>
internal readonly record struct MatrixProduct(ElementWidth Width, double Outputs, double Inputs, double Layers, bool EndsPart);

/// <summary>The routed experts of some layers as one GPU holds them.</summary>
/// <param name="Width">How wide the weights' elements are.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Experts">Experts of a layer, over all GPUs.</param>
/// <param name="Active">Experts that a token uses.</param>
/// <param name="HiddenSize">Inputs of an expert.</param>
/// <param name="IntermediateSize">Inputs of an expert's last matrix, undivided.</param>
internal readonly record struct ExpertProduct(
    ElementWidth Width, double Layers, double Experts, double Active, double HiddenSize, double IntermediateSize);
