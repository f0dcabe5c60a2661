namespace LlmMath.Architectures;

/// <summary>One tensor of a checkpoint, by its full name.</summary>
/// <param name="Name">The full name: <c>model.layers.3.mlp.experts.7.up_proj.weight</c>.</param>
/// <param name="Kind">What it is one of.</param>
public readonly record struct CheckpointTensor(string Name, Tensor Kind)
{
    /// <summary>Shape, in checkpoint order.</summary>
    public TensorShape Shape => Kind?.Shape ?? default;

    /// <summary>Elements.</summary>
    public long Elements => Shape.Elements;
}
