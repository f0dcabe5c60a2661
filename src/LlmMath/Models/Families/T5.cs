using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// T5, mT5 and umT5: an encoder and a decoder that attends to it; RMS norms, no biases, and a learned bias for the distance of
/// two tokens: in the first block of each stack, in umT5 in every block.
/// Source: huggingface/transformers, src/transformers/models/t5/configuration_t5.py, commit 038869d4d54d, and modeling_t5.py,
/// commit 001359e316a8 (a fork's); mt5/configuration_mt5.py, commit 053f59efe493; umt5/configuration_umt5.py, commit
/// 0d7e95d96b4e, and modeling_umt5.py, commit 00063ff66611.
/// </summary>
internal static class T5
{
    public static Architecture Build(ConfigReader c, string family)
    {
        bool isT5 = family == "t5";
        c = c.Alias("d_model", "hidden_size").Alias("d_kv", "head_dim")
            .Alias("num_heads", "num_attention_heads").Alias("num_layers", "num_hidden_layers");
        long vocabulary = c.Size("vocab_size", isT5 ? 32128 : 250112), hidden = c.Size("d_model", 512);
        long heads = c.Size("num_heads", isT5 ? 8 : 6), inner = c.Size("d_ff", isT5 ? 2048 : 1024);
        long buckets = c.Size("relative_attention_num_buckets", 32);
        int layers = c.Layers("num_layers", isT5 ? 6 : 8);
        var attention = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = heads,
            HeadDim = c.Size("d_kv", 64),
        };
        CrossAttention cross = attention.ToCross();
        FeedForward feedForward = IsGated(c, isT5 ? "relu" : "gated-gelu")
            ? new GatedFeedForward(hidden, inner)
            : new DenseFeedForward(hidden, inner);

        bool HasDistanceBias(int layer) => layer == 0 || family == "umt5";
        IEnumerable<Tensor> SelfAttention(bool distanceBias) =>
        [
            .. Norm("layer.0.layer_norm", hidden),
            .. attention.Separate("layer.0.SelfAttention.", q: "q", k: "k", v: "v", o: "o"),
            .. When(distanceBias,
                Plain("layer.0.SelfAttention.relative_attention_bias.weight", TensorRole.Position, buckets, heads)),
        ];
        ValueList<Block> encoder = Decoder.ByKind(layers, HasDistanceBias, distanceBias => new BlockParts(attention, feedForward,
        [
            .. SelfAttention(distanceBias),
            .. Norm("layer.1.layer_norm", hidden),
            .. Tensors(feedForward, "layer.1.DenseReluDense."),
        ]), "encoder.block.{layer}.", encoder: true);
        ValueList<Block> decoder = Decoder.ByKind(c.Layers("num_decoder_layers", layers), HasDistanceBias,
            distanceBias => new BlockParts([attention, cross], [feedForward],
            [
                .. SelfAttention(distanceBias),
                .. Norm("layer.1.layer_norm", hidden),
                .. cross.Separate("layer.1.EncDecAttention.", q: "q", k: "k", v: "v", o: "o"),
                .. Norm("layer.2.layer_norm", hidden),
                .. Tensors(feedForward, "layer.2.DenseReluDense."),
            ]), "decoder.block.{layer}.");
        Architecture both = Decoder.Of(c, family, vocabulary, hidden, [.. encoder, .. decoder],
            tied: c.Flag("tie_word_embeddings", true), "shared.weight",
            [.. Norm("encoder.final_layer_norm", hidden), .. Norm("decoder.final_layer_norm", hidden)]);
        Tensor Copy(string name) => Embedding(name, vocabulary, hidden) with { TiedTo = "shared.weight" };
        return both with
        {
            Additions = [new(PartKind.Other, "embedding copies", [],
                [Copy("encoder.embed_tokens.weight"), Copy("decoder.embed_tokens.weight")])],
        };
    }

    private static IEnumerable<Tensor> Tensors(FeedForward feedForward, string under) => feedForward switch
    {
        GatedFeedForward gated => gated.Tensors(under, gate: "wi_0", up: "wi_1", down: "wo"),
        DenseFeedForward dense => dense.Tensors(under, "wi", "wo"),
        _ => throw new ArgumentException("T5 has gated and dense feed-forwards.", nameof(feedForward)),
    };

    // "gated-gelu" is a gate with an activation, "relu" an activation alone.
    private static bool IsGated(ConfigReader c, string fallback)
    {
        const string field = "feed_forward_proj";
        string[] words = c.Text(field, fallback).Split('-');
        return (words.Length, words[0]) switch
        {
            (1, _) => false,
            (2, "gated") => true,
            _ => throw c.Invalid(field, $"must be an activation, or \"gated-\" and an activation; it is {c.Value(field)}."),
        };
    }
}
