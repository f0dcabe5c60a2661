using LlmMath.Architectures;

namespace LlmMath.Formats;

/// <summary>Every element alike.</summary>
internal sealed record UniformWeights : WeightFormat
{
    private readonly TensorEncoding _encoding;

    public UniformWeights(string name, int bits, ProductFormat products = ProductFormat.Half)
        : base(name, FormatGroup.Plain, products) => _encoding = new(name, 1, bits);

    public override int? ElementBits => _encoding.BlockBits;

    internal override TensorEncoding Encode(in MatrixPlace place) => _encoding;
}
