namespace LlmMath;

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

    /// <inheritdoc/>
    public sealed override CachedState Cache => new()
    {
        StateElements = StateElements,
        ConvolutionElements = ConvolutionElements,
        KeepsStateInFloat32 = KeepsStateInFloat32,
    };
}
