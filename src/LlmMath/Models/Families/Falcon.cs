using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Falcon: attention and feed-forward side by side, no biases but in layer norms; one key and value head (7B), or groups of heads
/// and two norms a block (40B, 180B). Its first releases call themselves RefinedWebModel (7B) and RefinedWeb (40B).
/// Source: huggingface/transformers, src/transformers/models/falcon/configuration_falcon.py, commit 055855363e97, and
/// modeling_falcon.py, commit 00dcc6dda6f6; the older names' defaults:
/// huggingface/text-generation-inference, server/text_generation_server/models/custom_modeling/flash_rw_modeling.py, commit
/// 058162685f05.
/// </summary>
internal static class Falcon
{
    public static Architecture Build(ConfigReader c, string family)
    {
        bool isOld = family != "falcon";
        c.Idle("alibi");
        c = c.Alias("num_hidden_layers", "n_layer").Alias("num_attention_heads", "n_head").Alias("num_kv_heads", "n_head_kv");
        bool grouped = c.Flag("new_decoder_architecture", family == "RefinedWeb"), multiQuery = c.Flag("multi_query", !isOld);
        bool parallel = c.Flag("parallel_attn", !isOld), bias = c.Flag("bias", false);
        long hidden = c.SizeOrNull("n_embed") ?? c.Size("hidden_size", isOld ? 64 : 4544);
        long heads = c.Size("num_attention_heads", isOld ? 8 : 71);
        long keyValueHeads = grouped ? c.Size("num_kv_heads", isOld && multiQuery ? 1 : heads) : multiQuery ? 1 : heads;
        bool twoNorms = parallel && c.Size("num_ln_in_parallel_attn", grouped ? 2 : 1) == 2;
        GroupedQueryAttention attention = c.GroupedQuery(hidden, heads, keyValueHeads, "num_attention_heads", "num_kv_heads");
        var feedForward = new DenseFeedForward(hidden, c.Size("ffn_hidden_size", 4 * hidden));
        return Decoder.Of(c, family, c.Size("vocab_size", isOld ? 250880 : 65024), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", isOld ? 2 : 32), new BlockParts(attention, feedForward,
            [
                .. twoNorms
                    ? [.. Norm("ln_attn", hidden, bias: true), .. Norm("ln_mlp", hidden, bias: true)]
                    : Norm("input_layernorm", hidden, bias: true),
                .. attention.Fused("self_attention.query_key_value", "self_attention.dense", bias, bias),
                .. parallel ? [] : Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "dense_h_to_4h", "dense_4h_to_h", bias),
            ]), "transformer.h.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "transformer.word_embeddings.weight",
            Norm("transformer.ln_f", hidden, bias: true));
    }
}
