using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>A gated short convolution and no other memory (LFM2). Source: huggingface/transformers,
/// <c>Lfm2ShortConv</c>.</summary>
/// <param name="HiddenSize">Channels: the width of the residual stream.</param>
/// <param name="ConvolutionKernel">Taps (<c>conv_L_cache</c>).</param>
public sealed record ShortConvolution(long HiddenSize, long ConvolutionKernel) : RecurrentMixer
{
    /// <summary>Channels: the width of the residual stream.</summary>
    public long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); } = Size.Of(HiddenSize, nameof(HiddenSize));

    /// <summary>Taps.</summary>
    public long ConvolutionKernel { get; init => field = Size.Of(value, nameof(ConvolutionKernel)); } =
        Size.Of(ConvolutionKernel, nameof(ConvolutionKernel));

    /// <inheritdoc/>
    public override long StateElements => 0;

    /// <inheritdoc/>
    public override double StateOperations => 0;

    /// <inheritdoc/>
    public override long ConvolutionElements => HiddenSize * (ConvolutionKernel - 1);

    /// <inheritdoc/>
    public override long ParallelHeads => HiddenSize;

    /// <inheritdoc/>
    internal override string Word => "short convolution";
}
