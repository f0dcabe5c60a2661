using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>RWKV-7's time mixing: a generalized delta rule with a state of [heads, head, head], and the last inputs of the time
/// and of the channel mixing. Source: Peng et al., arXiv:2503.14456, section 4.</summary>
public sealed record Rwkv7Mixer : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes, and number of its channels.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Elements of a head.</summary>
    public required long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); }

    /// <summary>Rank of the projection that makes the decays.</summary>
    public required long DecayRank { get; init => field = Size.Of(value, nameof(DecayRank)); }

    /// <summary>Rank of the projection that makes the learning rates.</summary>
    public required long RateRank { get; init => field = Size.Of(value, nameof(RateRank)); }

    /// <summary>Rank of the projection that makes the output's gate.</summary>
    public required long GateRank { get; init => field = Size.Of(value, nameof(GateRank)); }

    /// <summary>Rank of the projection that mixes in the first layer's values; 0 in the first layer, which has none.</summary>
    public required long ValueRank { get; init => field = Size.Of(value, nameof(ValueRank)); }

    /// <summary>Heads.</summary>
    public long Heads => HeadDim == 0 ? 0 : HiddenSize / HeadDim;

    /// <inheritdoc/>
    public override long StateElements => Size.Product(nameof(StateElements), Heads, HeadDim, HeadDim);

    /// <summary>A state that is decayed, corrected, updated and read takes four multiply-adds an element.</summary>
    public override double StateOperations => 8.0 * StateElements;

    /// <summary>The last inputs of both mixings: a token shift is a convolution of two taps.</summary>
    public override long ConvolutionElements => 2 * HiddenSize;

    /// <inheritdoc/>
    public override bool KeepsStateInFloat32 { get; init; } = true;

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    private protected override MixerOverhead Overhead => MixerOverhead.Unmeasured;

    /// <inheritdoc/>
    internal override string Word => "RWKV-7";
}
