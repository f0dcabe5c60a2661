namespace LlmMath.Families;

/// <summary>Grouped-query attention as most configs describe it: <c>hidden_size</c>, <c>num_attention_heads</c>,
/// <c>num_key_value_heads</c> and <c>head_dim</c>.</summary>
internal static class AttentionFields
{
    /// <summary>Reads the four fields. Each parameter is the reference's default for a field that is missing.</summary>
    /// <param name="c">The config.</param>
    /// <param name="hiddenSize">Default of <c>hidden_size</c>.</param>
    /// <param name="heads">Default of <c>num_attention_heads</c>.</param>
    /// <param name="keyValueHeads">Default of <c>num_key_value_heads</c>; null for as many as heads, which the field's null means
    /// too.</param>
    /// <param name="headDim">Default of <c>head_dim</c>; null for a head's share of the hidden size, which the field's null means
    /// too.</param>
    public static GroupedQueryAttention Attention(this ConfigReader c, long hiddenSize, long heads, long? keyValueHeads = null,
        long? headDim = null)
    {
        (hiddenSize, heads) = (c.Size("hidden_size", hiddenSize), c.Size("num_attention_heads", heads));
        return new()
        {
            HiddenSize = hiddenSize,
            Heads = heads,
            KeyValueHeads = c.KeyValueHeads(heads, keyValueHeads),
            HeadDim = headDim is { } fallback && !c.IsNull("head_dim")
                ? c.Size("head_dim", fallback)
                : c.SizeOrNull("head_dim") ?? c.Divide(hiddenSize, heads, "num_attention_heads"),
        };
    }

    /// <summary>Key and value heads, which must divide the heads.</summary>
    /// <param name="c">The config.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="fallback">The reference's default for a missing field; null for as many as heads, which the field's null
    /// means too.</param>
    public static long KeyValueHeads(this ConfigReader c, long heads, long? fallback = null)
    {
        const string field = "num_key_value_heads";
        long keyValueHeads = c.Size(field, c.IsNull(field) ? heads : fallback ?? heads);
        c.Divide(heads, keyValueHeads, field);
        return keyValueHeads;
    }
}
