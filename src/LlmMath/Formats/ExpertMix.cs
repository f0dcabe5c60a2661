using LlmMath.Architectures;

namespace LlmMath.Formats;

/// <summary>Two of llama.cpp's file types in one file: the routed experts in one, everything else in the other, as people make
/// files whose experts lie in system memory. Named <c>others+experts</c>: <c>q8_0+iq4_xs</c>.</summary>
internal sealed record ExpertMix : WeightFormat
{
    private readonly WeightFormat _others, _experts;

    private ExpertMix(WeightFormat others, WeightFormat experts)
        : base($"{others}+{experts}", FormatGroup.Gguf) => (_others, _experts) = (others, experts);

    public override int? ElementBits => null;

    /// <summary>The format of a name; null where it is none.</summary>
    public static WeightFormat? OfName(string name)
    {
        int at = name.IndexOf('+');
        return at > 0 && at == name.LastIndexOf('+') && Of(name.Substring(0, at)) is { } others
            && Of(name.Substring(at + 1)) is { } experts ? new ExpertMix(others, experts) : null;
    }

    internal override bool VariesByLayer(MatrixKind kind) => _others.VariesByLayer(kind) || _experts.VariesByLayer(kind);

    internal override TensorEncoding Encode(in MatrixPlace place) => (place.IsExpert ? _experts : _others).Encode(place);

    private static WeightFormat? Of(string name) =>
        TryFind(name, out WeightFormat? format) && format.Group == FormatGroup.Gguf && format is not ExpertMix ? format : null;
}
