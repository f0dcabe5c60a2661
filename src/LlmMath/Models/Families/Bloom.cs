using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// BLOOM: ALiBi, a layer norm on the embedding, fused projections, a feed-forward always four times as wide; the published files
/// name tensors without <c>transformer.</c>
/// Source: huggingface/transformers, src/transformers/models/bloom/configuration_bloom.py, commit 04efa883e0ad, and
/// modeling_bloom.py, commit 0078a6cd96d5.
/// </summary>
internal static class Bloom
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("n_layer", "num_hidden_layers").Alias("n_head", "num_attention_heads")
            .Alias("max_position_embeddings", "seq_length");
        long hidden = c.SizeOrNull("n_embed") ?? c.Size("hidden_size", 64);
        GroupedQueryAttention attention = c.MultiHead(hidden, "n_head", 8);
        var feedForward = new DenseFeedForward(hidden, 4 * hidden);
        Architecture decoder = Decoder.Of(c, "bloom", c.Size("vocab_size", 250880), hidden,
            Decoder.Same(c.Layers("n_layer", 2), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Fused("self_attention.query_key_value", "self_attention.dense", qkvBias: true, outputBias: true),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "dense_h_to_4h", "dense_4h_to_h", bias: true),
            ]), "h.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "word_embeddings.weight", Norm("ln_f", hidden, bias: true));
        return decoder with { Inputs = [.. decoder.Inputs, .. Norm("word_embeddings_layernorm", hidden, bias: true)] };
    }
}
