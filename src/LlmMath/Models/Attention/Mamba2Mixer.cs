using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>State space duality, Mamba-2: a state of [heads, head, state]. Source: Dao and Gu, arXiv:2405.21060, section
/// 7.</summary>
public sealed record Mamba2Mixer : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Heads, each with a time step and a decay of its own.</summary>
    public required long Heads { get; init => field = Size.Of(value, nameof(Heads)); }

    /// <summary>Channels of a head.</summary>
    public required long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); }

    /// <summary>States a channel.</summary>
    public required long StateSize { get; init => field = Size.Of(value, nameof(StateSize)); }

    /// <summary>Groups of heads that share B and C.</summary>
    public required long Groups { get; init => field = Size.Of(value, nameof(Groups)); }

    /// <summary>Taps of the convolution.</summary>
    public required long ConvolutionKernel { get; init => field = Size.Of(value, nameof(ConvolutionKernel)); }

    /// <summary>Channels: heads × channels of a head.</summary>
    public long InnerSize => Heads * HeadDim;

    /// <summary>Channels of the convolution: the inner ones, and B and C of each group.</summary>
    public long ConvolutionSize => Size.Sum(nameof(ConvolutionSize), InnerSize, 2 * Groups * StateSize);

    /// <inheritdoc/>
    public override long StateElements => Size.Product(nameof(StateElements), Heads, HeadDim, StateSize);

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <inheritdoc/>
    public override long ConvolutionElements =>
        Size.Product(nameof(ConvolutionElements), ConvolutionSize, ConvolutionKernel - 1);

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    internal override MixerKernel Kernel => new(MixerKernelKind.Mamba2, Heads, Groups, HeadDim, StateSize, ConvolutionSize);

    /// <inheritdoc/>
    internal override string Word => "Mamba-2";
}
