using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Multi-head latent attention as configs describe it: DeepSeek's fields, and those of the indexer.</summary>
internal static class LatentFields
{
    /// <summary>Reads the fields. Each parameter is the reference's default for a field that is missing.</summary>
    /// <param name="c">The config.</param>
    /// <param name="hiddenSize">Default of <c>hidden_size</c>.</param>
    /// <param name="heads">Default of <c>num_attention_heads</c>.</param>
    /// <param name="queryRank">Default of <c>q_lora_rank</c>; null for full rank, which the field's null means too.</param>
    /// <param name="keyValueRank">Default of <c>kv_lora_rank</c>.</param>
    /// <param name="nopeHeadDim">Default of <c>qk_nope_head_dim</c>.</param>
    /// <param name="ropeHeadDim">Default of <c>qk_rope_head_dim</c>.</param>
    /// <param name="valueHeadDim">Default of <c>v_head_dim</c>; null for a head's share of the hidden size.</param>
    public static LatentAttention LatentAttention(this ConfigReader c, long hiddenSize, long heads, long? queryRank,
        long keyValueRank, long nopeHeadDim, long ropeHeadDim, long? valueHeadDim)
    {
        (hiddenSize, heads) = (c.Size("hidden_size", hiddenSize), c.Size("num_attention_heads", heads));

        // Sizes that configs repeat in other attentions' words: one head's of both parts, and heads without keys of their own.
        c.Idle("head_dim", "num_key_value_heads", "qk_head_dim");
        return new()
        {
            HiddenSize = hiddenSize,
            Heads = heads,
            QueryRank = c.SizeOrNull("q_lora_rank", queryRank),
            KeyValueRank = c.Size("kv_lora_rank", keyValueRank),
            NopeHeadDim = c.Size("qk_nope_head_dim", nopeHeadDim),
            RopeHeadDim = c.Size("qk_rope_head_dim", ropeHeadDim),
            ValueHeadDim = valueHeadDim is { } dim
                ? c.Size("v_head_dim", dim)
                : c.SizeOrNull("v_head_dim") ?? c.Divide(hiddenSize, heads, "num_attention_heads"),
        };
    }

    /// <summary>The same attention with an indexer, whose <c>index_n_heads</c> default to <paramref name="heads"/>.</summary>
    public static LatentAttention Indexed(this LatentAttention a, ConfigReader c, long heads) => a with
    {
        Indexer = a.QueryRank is not null
            ? new(c.Size("index_n_heads", heads), c.Size("index_head_dim", 128), c.Size("index_topk", 2048))
            : throw c.Invalid("q_lora_rank", "must be a rank: the indexer reads compressed queries; it is null."),
    };

    /// <summary>The same attention, picking the tokens that an earlier layer's indexer picked.</summary>
    public static LatentAttention SharingIndexer(this LatentAttention a) =>
        a with { Indexer = a.Indexer! with { IsShared = true } };
}
