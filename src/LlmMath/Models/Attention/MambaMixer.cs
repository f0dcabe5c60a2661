using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>Selective state space, Mamba-1: a state of [inner, state]. Source: Gu and Dao, arXiv:2312.00752, section 3.</summary>
public sealed record MambaMixer : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Channels (<c>expand × hidden_size</c>).</summary>
    public required long InnerSize { get; init => field = Size.Of(value, nameof(InnerSize)); }

    /// <summary>States a channel.</summary>
    public required long StateSize { get; init => field = Size.Of(value, nameof(StateSize)); }

    /// <summary>Taps of the convolution over the channels.</summary>
    public required long ConvolutionKernel { get; init => field = Size.Of(value, nameof(ConvolutionKernel)); }

    /// <summary>Rank of the projection that makes the time steps.</summary>
    public required long TimeStepRank { get; init => field = Size.Of(value, nameof(TimeStepRank)); }

    /// <inheritdoc/>
    public override long StateElements => InnerSize * StateSize;

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <inheritdoc/>
    public override long ConvolutionElements => InnerSize * (ConvolutionKernel - 1);

    /// <inheritdoc/>
    public override long ParallelHeads => InnerSize;

    /// <inheritdoc/>
    internal override string Word => "Mamba";
}
