namespace LlmMath.Architectures;

/// <summary>Differential attention: two softmax maps are subtracted, so that every map weighs values of two heads. Source: Ye et
/// al., arXiv:2410.05258, section 2.1.</summary>
public sealed record DifferentialAttention : GroupedQueryAttention
{
    /// <inheritdoc/>
    public override MixerWork Work => base.Work with
    {
        PairOperations = 2.0 * (QuerySize + (2.0 * OutputSize)),
        CachedPairOperations = 2.0 * (QuerySize + (2.0 * OutputSize)),
        Overhead = MixerOverhead.Unmeasured,
    };

    /// <inheritdoc/>
    internal override string Word => "differential attention";
}
