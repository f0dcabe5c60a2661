namespace LlmMath.Memory;

/// <summary>Every element alike.</summary>
internal sealed record UniformWeights : WeightFormat
{
    private readonly TensorEncoding _encoding;

    public UniformWeights(string name, int bits)
        : base(name) => _encoding = new(name, 1, bits);

    public override int? ElementBits => _encoding.BlockBits;

    internal override TensorEncoding Encode(Tensor tensor, MatrixKind kind, in LayerPlace place) => _encoding;
}
