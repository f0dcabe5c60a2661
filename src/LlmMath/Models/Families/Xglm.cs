using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// XGLM: sinusoidal positions, which have no parameters; layer norms, biases on every linear layer but the head.
/// Source: huggingface/transformers, src/transformers/models/xglm/modeling_xglm.py, commit 045e910e889d, with the defaults of its
/// released configuration_xglm.py.
/// </summary>
internal static class Xglm
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("d_model", "hidden_size").Alias("num_layers", "num_hidden_layers")
            .Alias("attention_heads", "num_attention_heads");
        long hidden = c.Size("d_model", 1024);
        GroupedQueryAttention attention = c.MultiHead(hidden, "attention_heads", 16);
        var feedForward = new DenseFeedForward(hidden, c.Size("ffn_dim", 4096));
        CrossAttention? cross = c.Flag("add_cross_attention", false) ? attention.ToCross() : null;
        return Decoder.Of(c, "xglm", c.Size("vocab_size", 256008), hidden,
            Decoder.Same(c.Layers("num_layers", 24), FairseqBlock.Of(attention, feedForward, cross: cross)),
            tied: c.Flag("tie_word_embeddings", true), finalNorm: Norm("model.layer_norm", hidden, bias: true));
    }
}
