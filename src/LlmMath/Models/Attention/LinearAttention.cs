using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>Linear attention with a decay, as MiniMax's lightning attention: a state of [heads, head, head]. Source: Qin et al.,
/// arXiv:2401.04658.</summary>
/// <param name="Heads">Heads.</param>
/// <param name="HeadDim">Elements of a head.</param>
public sealed record LinearAttention(long Heads, long HeadDim) : RecurrentMixer
{
    /// <summary>Heads.</summary>
    public long Heads { get; init => field = Size.Of(value, nameof(Heads)); } = Size.Of(Heads, nameof(Heads));

    /// <summary>Elements of a head.</summary>
    public long HeadDim { get; init => field = Size.Of(value, nameof(HeadDim)); } = Size.Of(HeadDim, nameof(HeadDim));

    /// <inheritdoc/>
    public override long StateElements => Size.Product(nameof(StateElements), Heads, HeadDim, HeadDim);

    /// <inheritdoc/>
    public override double StateOperations => 6.0 * StateElements;

    /// <inheritdoc/>
    public override long ConvolutionElements => 0;

    /// <inheritdoc/>
    public override long ParallelHeads => Heads;

    /// <inheritdoc/>
    internal override string Word => "linear attention";
}
