using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT-NeoX Japanese: GPT-NeoX without biases on linear layers, but for one after the last layer's attention.
/// Source: huggingface/transformers, src/transformers/models/gpt_neox_japanese/configuration_gpt_neox_japanese.py, commit
/// 020a37d2264e, and modeling_gpt_neox_japanese.py, commit 00d4b3d2142c.
/// </summary>
internal static class GptNeoXJapanese
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 2560);
        GroupedQueryAttention a = c.MultiHead(hidden, "num_attention_heads", 32);
        var feedForward = new DenseFeedForward(hidden, hidden * c.Size("intermediate_multiple_size", 4));
        int layers = c.Layers("num_hidden_layers", 32);
        return Decoder.Of(c, "gpt_neox_japanese", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, layer => layer == layers - 1, last => new BlockParts(a, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. a.Fused("attention.query_key_value", "attention.dense"),
                .. When(last, Bias("attention.dense_bias", hidden, TensorRole.Attention)),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "dense_h_to_4h", "dense_4h_to_h"),
            ]), "gpt_neox_japanese.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "gpt_neox_japanese.embed_in.weight",
            Norm("gpt_neox_japanese.final_layer_norm", hidden, bias: true), head: "embed_out");
    }
}
