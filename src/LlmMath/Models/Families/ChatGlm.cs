using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// ChatGLM2, ChatGLM3 and GLM-4-9B before their conversion to <c>glm</c>: queries, keys and values fused, gate and up fused.
/// Source: vllm-project/vllm, vllm/transformers_utils/configs/chatglm.py, commit 0531c2226a6a, and
/// vllm/model_executor/models/chatglm.py, commit 028aedf62ade.
/// </summary>
internal static class ChatGlm
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_layers", "num_hidden_layers").Alias("padded_vocab_size", "vocab_size")
            .Alias("max_position_embeddings", "seq_length");
        if (c.Has("inner_hidden_size"))
        {
            throw c.Invalid("inner_hidden_size",
                "belongs to the first ChatGLM-6B, another architecture; ChatGLM2 and later give ffn_hidden_size.");
        }

        // Where the residual stream is taken from; the head is always apart.
        c.Idle("apply_residual_connection_post_layernorm").Fixed("tie_word_embeddings", false);
        long hidden = c.Size("hidden_size", 4096), heads = c.Size("num_attention_heads", 32);
        var attention = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = KeyValueHeads(c, heads),
            HeadDim = c.Size("kv_channels", 128),
        };
        var feedForward = new GatedFeedForward(hidden, c.Size("ffn_hidden_size", 13696));
        bool bias = c.Flag("add_bias_linear", false), qkvBias = c.Flag("add_qkv_bias", false) || bias;
        bool layerNorm = !c.Flag("rmsnorm", true), finalNorm = c.Flag("post_layer_norm", true);
        ValueList<Block> blocks = Decoder.Same(c.Layers("num_layers", 28), new BlockParts(attention, feedForward,
        [
            .. Norm("input_layernorm", hidden, layerNorm),
            .. attention.Fused("self_attention.query_key_value", "self_attention.dense", qkvBias, bias),
            .. Norm("post_attention_layernorm", hidden, layerNorm),
            .. feedForward.Fused("mlp.", "dense_h_to_4h", "dense_4h_to_h", bias),
        ]), "transformer.encoder.layers.{layer}.");
        return Decoder.Of(c, "chatglm", c.Size("padded_vocab_size", 65024), hidden, blocks, tied: false,
            embedding: "transformer.embedding.word_embeddings.weight",
            finalNorm: finalNorm ? Norm("transformer.encoder.final_layernorm", hidden, layerNorm) : [],
            head: "transformer.output_layer") with
        {
            Additions =
                StoredBuffers.RotaryFrequencies("transformer.rotary_pos_emb.inv_freq", [], rotated: attention.HeadDim / 2),
            NotCounted = c.Has("pre_seq_len") ? [new(PartKind.Other, "prefix encoder (pre_seq_len)")] : [],
        };
    }

    // The class's default for multi_query_attention is false; a config that gives the groups means to have them.
    private static long KeyValueHeads(ConfigReader c, long heads)
    {
        const string groups = "multi_query_group_num";
        if (!c.Flag("multi_query_attention", c.Has(groups)))
        {
            return heads;
        }

        long keyValueHeads = c.Size(groups, 1);
        c.Divide(heads, keyValueHeads, groups);
        return keyValueHeads;
    }
}
