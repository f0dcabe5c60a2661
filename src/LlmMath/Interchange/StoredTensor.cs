namespace LlmMath.Interchange;

/// <summary>A tensor as a checkpoint's header lists it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions in PyTorch's order (outputs before inputs); empty for a scalar.</param>
/// <param name="Type">The number format as the file calls it: <c>BF16</c>, <c>Q4_K</c>.</param>
/// <param name="Elements">The product of the dimensions.</param>
/// <param name="Bytes">What it takes in the file.</param>
public sealed record StoredTensor(string Name, ValueList<long> Shape, string Type, long Elements, long Bytes)
{
    /// <summary>Where its bytes begin, counted from the start of the file's data (<see
    /// cref="CheckpointHeader.DataStart"/>).</summary>
    public long Start { get; init; }
}
