using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// BitNet b1.58: ternary weights, and norms before the output and down projections. Shapes are those of the weights, which packed
/// checkpoints store four to a byte.
/// Source: huggingface/transformers, src/transformers/models/bitnet/configuration_bitnet.py, commit 008f5c8c29be, and
/// modular_bitnet.py, commit 08c532782ab8.
/// </summary>
internal static class BitNet
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 20, keyValueHeads: 5);
        long hidden = attention.HiddenSize, width = c.Size("intermediate_size", 6912);
        var feedForward = new GatedFeedForward(hidden, width);
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "bitnet", c.Size("vocab_size", 128256), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 30), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Separate("self_attn.", bias, bias),
                .. Norm("self_attn.attn_sub_norm", hidden),
                .. Norm("post_attention_layernorm", hidden),
                .. feedForward.Tensors("mlp."),
                .. Norm("mlp.ffn_sub_norm", width),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
