using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Baichuan 1 and 2: multi-head attention from one projection; the 13B's ALiBi and version 2's normalized head add no tensors.
/// Source: remote code, baichuan-inc/Baichuan-7B, models/configuration_baichuan.py, commit 2d531e9f0bf7, and
/// models/modeling_baichuan.py, commit 0ae400d69160; the 13B as copied in jrd77/Baichuan2-13B-Chat, modeling_baichuan.py, commit
/// 35e3d5af948e.
/// </summary>
internal static class Baichuan
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("max_position_embeddings", "model_max_length");
        long hidden = c.Size("hidden_size", 4096);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 32);
        c.Fixed("num_key_value_heads", attention.Heads);
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 11008));
        return Decoder.Of(c, "baichuan", c.Size("vocab_size", 64000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Fused("self_attn.W_pack", "self_attn.o_proj"),
                .. Norm("post_attention_layernorm", hidden),
                .. feedForward.Tensors("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
