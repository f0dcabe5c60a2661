using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>RWKV-4's time mixing: numerator, denominator and maximum for each channel, and the last inputs of the time and of the
/// channel mixing. Source: Peng et al., arXiv:2305.13048, section 3 and appendix.</summary>
/// <param name="HiddenSize">Width of the residual stream it reads and writes.</param>
/// <param name="AttentionSize">Channels of the time mixing.</param>
public sealed record Rwkv4Mixer(long HiddenSize, long AttentionSize) : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); } = Size.Of(HiddenSize, nameof(HiddenSize));

    /// <summary>Channels of the time mixing.</summary>
    public long AttentionSize { get; init => field = Size.Of(value, nameof(AttentionSize)); } =
        Size.Of(AttentionSize, nameof(AttentionSize));

    /// <inheritdoc/>
    public override long StateElements => 3 * AttentionSize;

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <summary>The last inputs of both mixings: a token shift is a convolution of two taps.</summary>
    public override long ConvolutionElements => 2 * HiddenSize;

    /// <inheritdoc/>
    public override bool KeepsStateInFloat32 { get; init; } = true;

    /// <inheritdoc/>
    public override long ParallelHeads => AttentionSize;

    /// <inheritdoc/>
    internal override string Word => "RWKV-4";
}
