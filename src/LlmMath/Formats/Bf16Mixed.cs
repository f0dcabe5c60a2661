using LlmMath.Architectures;

namespace LlmMath.Formats;

/// <summary>Automatic mixed precision: weights in float32, and while it runs a bfloat16 copy of each linear layer's matrix, the
/// head's too. Source: PyTorch, torch.amp (autocast caches its casts).</summary>
internal sealed record Bf16Mixed : WeightFormat
{
    private static readonly TensorEncoding s_full = new("fp32", 1, 32), s_both = new("fp32+bf16", 1, 48);

    private Bf16Mixed()
        : base("bf16-mixed", FormatGroup.MixedPrecision)
    {
    }

    public static Bf16Mixed Format { get; } = new();

    public override int? ElementBits => null;

    internal override TensorEncoding Encode(in MatrixPlace place) =>
        place.Kind.IsLinear() || place.Kind is MatrixKind.Head or MatrixKind.Router ? s_both : s_full;
}
