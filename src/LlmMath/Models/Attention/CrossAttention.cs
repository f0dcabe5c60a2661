namespace LlmMath.Architectures;

/// <summary>Attention of a decoder to an encoder's outputs: keys and values are made once, of the prompt's tokens, and do not
/// grow with the tokens written. Source: Vaswani et al., arXiv:1706.03762, section 3.2.3.</summary>
public sealed record CrossAttention : GroupedQueryAttention
{
    /// <inheritdoc/>
    public override CachedState Cache => base.Cache with { IsOfEncoder = true };

    /// <inheritdoc/>
    internal override string Word => "cross-attention";
}
