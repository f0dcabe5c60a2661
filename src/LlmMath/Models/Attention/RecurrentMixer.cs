namespace LlmMath.Architectures;

/// <summary>A mixer whose memory does not grow with the context: a recurrent state, and the last inputs of a short
/// convolution.</summary>
public abstract record RecurrentMixer : SequenceMixer
{
    /// <summary>Elements of the recurrent state that one sequence holds in one layer.</summary>
    public abstract long StateElements { get; }

    /// <summary>Elements of past inputs that one sequence holds in one layer for the convolution: a channel's taps but one, for
    /// the last tap is the new token's. In the model's own number format. (transformers stores the new token's column
    /// too.)</summary>
    public abstract long ConvolutionElements { get; }

    /// <summary>Whether the reference keeps the state in float32, whatever the model's number format.</summary>
    public virtual bool KeepsStateInFloat32 { get; init; }

    /// <summary>Operations that the state takes for one token in one layer. A state that is decayed, updated and read takes three
    /// multiply-adds an element: 6 × <see cref="StateElements"/>.</summary>
    public abstract double StateOperations { get; }

    /// <summary>What engines charge for such a layer: that of a recurrent state where one was measured with the kind.</summary>
    private protected virtual MixerOverhead Overhead => MixerOverhead.Recurrent;

    /// <inheritdoc/>
    internal sealed override AttendedElements Attended => default;

    /// <inheritdoc/>
    public sealed override long RotaryElements => 0;

    /// <inheritdoc/>
    public sealed override MixerWork Work => new()
    {
        PairOperations = 0,
        CachedPairOperations = 0,
        PairLimit = null,
        IndexOperations = 0,
        StateOperations = StateOperations,
        ReadElements = 0,
        ReadHeads = 0,
        ScoreHeads = 0,
        Overhead = Overhead,
    };

    /// <inheritdoc/>
    public sealed override CachedState Cache => new()
    {
        StateElements = StateElements,
        ConvolutionElements = ConvolutionElements,
        KeepsStateInFloat32 = KeepsStateInFloat32,
    };
}
