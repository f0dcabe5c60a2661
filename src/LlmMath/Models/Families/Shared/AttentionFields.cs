using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Grouped-query attention as configs describe it: <c>hidden_size</c>, <c>num_attention_heads</c>,
/// <c>num_key_value_heads</c> and <c>head_dim</c>, or a family's own names for them.</summary>
internal static class AttentionFields
{
    private const string HiddenSize = "hidden_size", Heads = "num_attention_heads", HeadDim = "head_dim";

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
        (hiddenSize, heads) = (c.Size(HiddenSize, hiddenSize), c.Size(Heads, heads));
        return new()
        {
            HiddenSize = hiddenSize,
            Heads = heads,
            KeyValueHeads = c.KeyValueHeads(heads, keyValueHeads),
            HeadDim = c.SizeOrNull(HeadDim, headDim) ?? c.Divide(hiddenSize, heads, Heads),
        };
    }

    /// <summary>The same of references that have no <c>head_dim</c>, or overwrite it: heads share out the hidden size.</summary>
    public static GroupedQueryAttention AttentionSharingWidth(this ConfigReader c, long hiddenSize, long heads,
        long? keyValueHeads = null)
    {
        (hiddenSize, heads) = (c.Size(HiddenSize, hiddenSize), c.Size(Heads, heads));
        return c.GroupedQuery(hiddenSize, heads, c.KeyValueHeads(heads, keyValueHeads), Heads);
    }

    /// <summary>Multi-head attention: a key and value head for each query head. <paramref name="headsField"/> gives their number,
    /// <paramref name="headsDefault"/> unless the config does.</summary>
    public static GroupedQueryAttention MultiHead(this ConfigReader c, long hidden, string headsField, long headsDefault)
    {
        long heads = c.Size(headsField, headsDefault);
        return c.GroupedQuery(hidden, heads, heads, headsField);
    }

    /// <summary>Attention whose heads share out the hidden size. Heads that do not divide it, and key and value heads that do not
    /// divide the heads, are errors at the fields named.</summary>
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

    /// <summary>Attention of the same sizes to an encoder's outputs.</summary>
    public static CrossAttention ToCross(this GroupedQueryAttention a) =>
        new() { HiddenSize = a.HiddenSize, Heads = a.Heads, KeyValueHeads = a.KeyValueHeads, HeadDim = a.HeadDim };
}
