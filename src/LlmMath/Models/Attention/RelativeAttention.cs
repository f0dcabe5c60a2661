using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>Grouped-query attention with relative positions, and short convolutions over its keys, its values and the outputs of
/// attention and feed-forward, perhaps within a window. Source: Inkling: Blaizzy/mlx-vlm, mlx_vlm/models/inkling/language.py,
/// commit 9b13f522a7f1 (<c>InklingAttention</c>, <c>InklingShortConvolution</c>).</summary>
public sealed record RelativeAttention : GroupedQueryAttention
{
    /// <summary>Taps of each convolution (<c>sconv_kernel_size</c>).</summary>
    public required long ConvolutionKernel { get; init => field = Size.Of(value, nameof(ConvolutionKernel)); }

    /// <summary>Tokens that a token sees, itself included; null where it sees all.</summary>
    public long? Window { get; init => field = value is { } width ? Size.Of(width, nameof(Window)) : null; }

    /// <inheritdoc/>
    public override CachedState Cache => base.Cache with
    {
        TokenLimit = Window,
        ConvolutionElements = Size.Product(nameof(Cache), 2, Size.Sum(nameof(Cache), KeySize, HiddenSize),
            Math.Max(0, ConvolutionKernel - 1)),
    };

    /// <inheritdoc/>
    public override long RotaryElements => 0;

    /// <inheritdoc/>
    public override MixerWork Work => base.Work with { PairLimit = Window, Overhead = MixerOverhead.Unmeasured };

    /// <inheritdoc/>
    internal override string Word => "relative attention";
}
