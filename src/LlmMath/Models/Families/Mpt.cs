using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// MPT: ALiBi, fused projections, no biases, not even in layer norms; attention has a section of its own in the config.
/// Source: huggingface/transformers, src/transformers/models/mpt/configuration_mpt.py, commit 05699a763e76, and modeling_mpt.py,
/// commit 0206c7b0f3a5; grouped queries, norms of queries and keys, and biases: vllm-project/vllm,
/// vllm/model_executor/models/mpt.py, commit 02d799bcfa71.
/// </summary>
internal static class Mpt
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("d_model", "hidden_size").Alias("n_heads", "num_attention_heads").Alias("n_layers", "num_hidden_layers")
            .Alias("max_position_embeddings", "max_seq_len");
        ConfigReader? section = c.Section("attn_config");
        long hidden = c.Size("d_model", 2048), heads = c.Size("n_heads", 16);
        bool bias = !c.Flag("no_bias", true);
        bool normed = section?.Flag("qk_ln", false) ?? false, alibi = section?.Flag("alibi", true) ?? true;
        GroupedQueryAttention attention =
            c.GroupedQuery(hidden, heads, KeyValueHeads(section, heads), "n_heads", "attn_config.kv_n_heads");
        var feedForward = new DenseFeedForward(hidden, c.Size("expansion_ratio", 4) * hidden);
        Architecture decoder = Decoder.Of(c, "mpt", c.Size("vocab_size", 50368), hidden,
            Decoder.Same(c.Layers("n_layers", 24), new BlockParts(attention, feedForward,
            [
                .. Norm("norm_1", hidden, bias),
                .. attention.Fused("attn.Wqkv", "attn.out_proj", bias, bias),
                .. normed ? attention.ProjectionNorms("attn.", "q_ln", "k_ln", bias) : [],
                .. Norm("norm_2", hidden, bias),
                .. feedForward.Tensors("ffn.", "up_proj", "down_proj", bias),
            ]), "transformer.blocks.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "transformer.wte.weight", Norm("transformer.norm_f", hidden, bias));

        // Only the model's original code knows models without ALiBi, which learn positions.
        return alibi || !c.Flag("learned_pos_emb", true)
            ? decoder
            : decoder.WithPositions("transformer.wpe.weight", c.Size("max_seq_len", 2048));
    }

    private static long KeyValueHeads(ConfigReader? attention, long heads) => attention?.Text("attn_type") switch
    {
        null or "multihead_attention" => heads,
        "multiquery_attention" => 1,
        "grouped_query_attention" => attention.Size("kv_n_heads"),
        _ => throw attention.Invalid("attn_type", "must be \"multihead_attention\", \"multiquery_attention\" or "
            + $"\"grouped_query_attention\"; it is {attention.Value("attn_type")}."),
    };
}
