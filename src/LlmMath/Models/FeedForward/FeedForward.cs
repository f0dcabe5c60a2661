using LlmMath.Basics;

namespace LlmMath.Architectures;

/// <summary>A block's feed-forward part. Each kind is a type that knows its sizes, 0 to 2³¹ − 1; one of others cannot be
/// made.</summary>
public abstract record FeedForward
{
    /// <summary>Elements between its matrices that one token needs at once: gate and up side by side, over the experts it
    /// uses.</summary>
    public abstract long IntermediateElements { get; }

    /// <summary>How many of these are experts', shared ones among them; 0 where there are no experts.</summary>
    public abstract long ExpertElements { get; }

    /// <summary>How many of these a gate multiplies: half where there is one, else 0.</summary>
    internal abstract long GateElements { get; }
}

/// <summary>Two matrices with an activation between them.</summary>
/// <param name="HiddenSize">Width of the residual stream.</param>
/// <param name="IntermediateSize">Width between the matrices.</param>
public sealed record DenseFeedForward(long HiddenSize, long IntermediateSize) : FeedForward
{
    /// <summary>Width of the residual stream.</summary>
    public long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); } = Size.Of(HiddenSize, nameof(HiddenSize));

    /// <summary>Width between the matrices.</summary>
    public long IntermediateSize { get; init => field = Size.Of(value, nameof(IntermediateSize)); } =
        Size.Of(IntermediateSize, nameof(IntermediateSize));

    /// <inheritdoc/>
    public override long IntermediateElements => IntermediateSize;

    /// <inheritdoc/>
    public override long ExpertElements => 0;

    /// <inheritdoc/>
    internal override long GateElements => 0;
}

/// <summary>Three matrices: gate and up side by side, then down (SwiGLU, GeGLU). Source: Shazeer, arXiv:2002.05202.</summary>
/// <param name="HiddenSize">Width of the residual stream.</param>
/// <param name="IntermediateSize">Width between the matrices.</param>
public sealed record GatedFeedForward(long HiddenSize, long IntermediateSize) : FeedForward
{
    /// <summary>Width of the residual stream.</summary>
    public long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); } = Size.Of(HiddenSize, nameof(HiddenSize));

    /// <summary>Width between the matrices.</summary>
    public long IntermediateSize { get; init => field = Size.Of(value, nameof(IntermediateSize)); } =
        Size.Of(IntermediateSize, nameof(IntermediateSize));

    /// <inheritdoc/>
    public override long IntermediateElements => 2 * IntermediateSize;

    /// <inheritdoc/>
    public override long ExpertElements => 0;

    /// <inheritdoc/>
    internal override long GateElements => IntermediateSize;
}

/// <summary>Mixture of experts: a router sends each token to some of many experts; shared experts see every token. Source:
/// Shazeer et al., arXiv:1701.06538; shared experts: Dai et al., arXiv:2401.06066.</summary>
public sealed record MixtureOfExperts : FeedForward
{
    /// <summary>Width of the residual stream, or of the projection that experts work in.</summary>
    public required long HiddenSize { get; init => field = Size.Of(value, nameof(HiddenSize)); }

    /// <summary>Routed experts.</summary>
    public required long Experts { get; init => field = Size.Of(value, nameof(Experts)); }

    /// <summary>Routed experts that one token uses.</summary>
    public required long ActiveExperts { get; init => field = Size.Of(value, nameof(ActiveExperts)); }

    /// <summary>Width of one routed expert.</summary>
    public required long ExpertIntermediateSize { get; init => field = Size.Of(value, nameof(ExpertIntermediateSize)); }

    /// <summary>Width of the shared experts together; 0 where there are none.</summary>
    public long SharedIntermediateSize { get; init => field = Size.Of(value, nameof(SharedIntermediateSize)); }

    /// <summary>Whether an expert has a gate (three matrices) or not (two).</summary>
    public bool IsGated { get; init; } = true;

    /// <inheritdoc/>
    public override long IntermediateElements =>
        (IsGated ? 2 : 1) * ((ActiveExperts * ExpertIntermediateSize) + SharedIntermediateSize);

    /// <inheritdoc/>
    public override long ExpertElements => IntermediateElements;

    /// <inheritdoc/>
    internal override long GateElements => IsGated ? IntermediateElements / 2 : 0;
}
