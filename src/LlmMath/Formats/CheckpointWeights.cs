using LlmMath.Architectures;

namespace LlmMath.Formats;

/// <summary>How one checkpoint stores its tensors, each by its name and layer: what its own config says, made for one
/// architecture. What it does not know, as another model's tensors, is stored plainly.</summary>
internal sealed record CheckpointWeights : WeightFormat
{
    private readonly Dictionary<string, TensorEncoding[]> _byName;
    private readonly TensorEncoding _plain;
    private readonly HashSet<MatrixKind> _varying;

    /// <summary>Makes the format.</summary>
    /// <param name="name">What it is called in answers: its encodings, the largest first.</param>
    /// <param name="group">Whose files hold it.</param>
    /// <param name="products">In which number format most products are made.</param>
    /// <param name="plain">How a tensor is stored that nobody quantized.</param>
    /// <param name="byName">Encodings by a tensor's name: one for all layers, or one for each layer's number.</param>
    /// <param name="varying">Kinds whose tensors are not stored alike in all layers.</param>
    public CheckpointWeights(string name, FormatGroup group, ProductFormat products, TensorEncoding plain,
        Dictionary<string, TensorEncoding[]> byName, HashSet<MatrixKind> varying)
        : base(name, group, products) => (_plain, _byName, _varying) = (plain, byName, varying);

    public override int? ElementBits => null;

    internal override TensorEncoding Encode(in MatrixPlace place) =>
        !_byName.TryGetValue(place.Name, out TensorEncoding[]? encodings) ? _plain
        : encodings[Math.Min(place.Layer, encodings.Length - 1)];

    internal override bool VariesByLayer(MatrixKind kind) => _varying.Contains(kind);
}
