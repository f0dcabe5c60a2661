using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>
/// Compressed convolutional attention (CCA): grouped-query attention in a narrower space, whose queries and keys pass two short
/// convolutions over time and half of whose values are the last token's. Beside keys and values it caches the inputs of both.
/// Source: arXiv:2510.04476, section 3.
/// </summary>
public sealed record ConvolvedAttention : GroupedQueryAttention
{
    /// <summary>Past inputs that the two convolutions need together: the taps of both but one each.</summary>
    public required long ConvolutionTaps { get; init => field = Size.Of(value, nameof(ConvolutionTaps)); }

    /// <summary>Tokens that a token sees, itself included; null where it sees all.</summary>
    public long? Window { get; init; }

    /// <inheritdoc/>
    public override CachedState Cache => base.Cache with
    {
        TokenLimit = Window,
        ConvolutionElements = Size.Sum(
            nameof(Cache),
            Size.Product(nameof(Cache), Size.Sum(nameof(Cache), QuerySize, KeySize), ConvolutionTaps),
            ValueSize / 2),
    };

    /// <inheritdoc/>
    public override MixerWork Work => base.Work with { PairLimit = Window, Overhead = MixerOverhead.Unmeasured };

    /// <inheritdoc/>
    internal override string Word => "convolved attention";
}
