using LlmMath.Basics;
using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>Gated delta rule: a state of [value heads, key head, value head]. Source: Yang et al., arXiv:2412.06464, section 3.
/// Kimi's delta attention (arXiv:2510.26692) decays each channel by itself and has the same state.</summary>
public sealed record GatedDeltaNet : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Key heads, and as many query heads; they are repeated where there are more value heads.</summary>
    public required long KeyHeads { get; init => field = Size.Of(value, nameof(KeyHeads)); }

    /// <summary>Value heads, each with a gate and a decay of its own.</summary>
    public required long ValueHeads { get; init => field = Size.Of(value, nameof(ValueHeads)); }

    /// <summary>Elements of a key or query head.</summary>
    public required long KeyHeadDim { get; init => field = Size.Of(value, nameof(KeyHeadDim)); }

    /// <summary>Elements of a value head.</summary>
    public required long ValueHeadDim { get; init => field = Size.Of(value, nameof(ValueHeadDim)); }

    /// <summary>Taps of the convolution over queries, keys and values.</summary>
    public required long ConvolutionKernel { get; init => field = Size.Of(value, nameof(ConvolutionKernel)); }

    /// <summary>Outputs of the key projection, and of the query projection.</summary>
    public long KeySize => KeyHeads * KeyHeadDim;

    /// <summary>Outputs of the value projection.</summary>
    public long ValueSize => ValueHeads * ValueHeadDim;

    /// <summary>Channels of the convolution: queries, keys and values.</summary>
    public long ConvolutionSize => Size.Sum(nameof(ConvolutionSize), 2 * KeySize, ValueSize);

    /// <inheritdoc/>
    public override long StateElements =>
        Size.Product(nameof(StateElements), ValueHeads, KeyHeadDim, ValueHeadDim);

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <inheritdoc/>
    public override long ConvolutionElements =>
        Size.Product(nameof(ConvolutionElements), ConvolutionSize, ConvolutionKernel - 1);

    /// <inheritdoc/>
    public override bool KeepsStateInFloat32 { get; init; } = true;

    /// <inheritdoc/>
    public override long ParallelHeads => KeyHeads;

    /// <summary>Whether each channel decays by itself, as in Kimi's: engines have kernels of their own for it.</summary>
    internal bool DecaysEachChannel { get; init; }

    /// <inheritdoc/>
    internal override MixerKernel Kernel =>
        new(DecaysEachChannel ? MixerKernelKind.KimiDelta : MixerKernelKind.GatedDelta, ValueHeads, KeyHeads, ValueHeadDim,
            KeyHeadDim, ConvolutionSize);

    /// <inheritdoc/>
    internal override string Word => "gated delta rule";
}
