using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Apertus: norms of queries and keys, a feed-forward layer of two matrices, and the xIELU activation with two weights of its
/// own.
/// Source: huggingface/transformers, src/transformers/models/apertus/modular_apertus.py, commit 008e57439125.
/// </summary>
internal static class Apertus
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 32);
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 14336));
        bool bias = c.Flag("attention_bias", false), learned = c.Text("hidden_act", "xielu") == "xielu";
        Architecture decoder = Decoder.Of(c, "apertus", c.Size("vocab_size", 131072), hidden,
            Decoder.Same(layers, new BlockParts(attention, feedForward,
            [
                .. Norm("attention_layernorm", hidden),
                .. attention.Separate("self_attn.", bias, bias),
                .. attention.HeadNorms("self_attn."),
                .. Norm("feedforward_layernorm", hidden),
                .. feedForward.Tensors("mlp.", "up_proj", "down_proj"),
                .. learned ? Scalars("alpha_p", "alpha_n") : [],
            ])),
            tied: c.Flag("tie_word_embeddings", false));

        // The activation's constants, which checkpoints hold beside its weights.
        return learned
            ? decoder with
            {
                Additions =
                [
                    new(PartKind.Other, "activation constants", [.. Enumerable.Range(0, layers)],
                        [.. InEachLayer(Decoder.LayerPrefix, Scalars("beta", "eps"))]),
                ],
            }
            : decoder;
    }

    private static IEnumerable<Tensor> Scalars(params string[] names) =>
        names.Select(name => Plain("mlp.act_fn." + name, TensorRole.FeedForward, 1));
}
