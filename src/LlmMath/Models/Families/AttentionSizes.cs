namespace LlmMath.Families;

/// <summary>Attention whose heads share out the residual stream, from fields under a family's own names.</summary>
internal static class AttentionSizes
{
    /// <summary>Multi-head attention: a key and value head for each query head. <paramref name="headsField"/> gives their number,
    /// <paramref name="headsDefault"/> unless the config does.</summary>
    public static GroupedQueryAttention MultiHead(this ConfigReader c, long hidden, string headsField, long headsDefault)
    {
        long heads = c.Size(headsField, headsDefault);
        return c.GroupedQuery(hidden, heads, heads, headsField);
    }

    /// <summary>Grouped-query attention. Heads that do not divide the width, and key and value heads that do not divide the
    /// heads, are errors at the fields named.</summary>
    public static GroupedQueryAttention GroupedQuery(this ConfigReader c, long hidden, long heads, long keyValueHeads,
        string headsField, string keyValueField = "num_key_value_heads")
    {
        c.Divide(heads, keyValueHeads, keyValueField);
        return new()
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDim = c.Divide(hidden, heads, headsField),
        };
    }

    /// <summary>Attention of the same sizes to an encoder's outputs.</summary>
    public static CrossAttention ToCross(this GroupedQueryAttention a) =>
        new() { HiddenSize = a.HiddenSize, Heads = a.Heads, KeyValueHeads = a.KeyValueHeads, HeadDim = a.HeadDim };
}
