using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>Real-gated linear recurrent unit (Griffin, RecurrentGemma): a state of one vector. Source: De et al.,
/// arXiv:2402.19427, section 2.4.</summary>
public sealed record LinearRecurrentUnit : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Channels (<c>lru_width</c>).</summary>
    public required long Width { get; init => field = Size.Of(value, nameof(Width)); }

    /// <summary>Blocks on the diagonal of its two gates' matrices.</summary>
    public required long GateBlocks { get; init => field = Size.Of(value, nameof(GateBlocks)); }

    /// <summary>Taps of the convolution over the channels.</summary>
    public required long ConvolutionKernel { get; init => field = Size.Of(value, nameof(ConvolutionKernel)); }

    /// <inheritdoc/>
    public override long StateElements => Width;

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <inheritdoc/>
    public override long ConvolutionElements => Width * (ConvolutionKernel - 1);

    /// <inheritdoc/>
    public override bool KeepsStateInFloat32 { get; init; } = true;

    /// <inheritdoc/>
    public override long ParallelHeads => GateBlocks;

    /// <inheritdoc/>
    internal override string Word => "linear recurrent unit";
}
