using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>xLSTM's matrix memory (mLSTM): for each head a state of [key head, value head], a normalizer of the key head's size
/// and a maximum. Source: Beck et al., arXiv:2503.13427, section 3 and appendix A.</summary>
public sealed record MatrixLstm : RecurrentMixer
{
    /// <summary>Width of the residual stream it reads and writes.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Heads, each with an input gate and a forget gate.</summary>
    public required long Heads { get; init => field = Size.Of(value, nameof(Heads)); }

    /// <summary>Elements of a key or query head.</summary>
    public required long KeyHeadDim { get; init => field = Size.Of(value, nameof(KeyHeadDim)); }

    /// <summary>Elements of a value head.</summary>
    public required long ValueHeadDim { get; init => field = Size.Of(value, nameof(ValueHeadDim)); }

    /// <summary>Outputs of the key projection, and of the query projection.</summary>
    public long KeySize => Heads * KeyHeadDim;

    /// <summary>Outputs of the value projection, and of the output's gate.</summary>
    public long ValueSize => Heads * ValueHeadDim;

    /// <inheritdoc/>
    public override long StateElements => Size.Sum(
        nameof(StateElements),
        Size.Product(nameof(StateElements), Heads, KeyHeadDim, ValueHeadDim),
        Heads * (KeyHeadDim + 1));

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <inheritdoc/>
    public override long ConvolutionElements => 0;

    /// <inheritdoc/>
    public override bool KeepsStateInFloat32 { get; init; } = true;

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    private protected override MixerOverhead Overhead => MixerOverhead.Unmeasured;

    /// <inheritdoc/>
    internal override string Word => "matrix LSTM";
}
