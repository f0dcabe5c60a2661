using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// BioGPT: learned positions with two rows of offset, layer norms, a head named <c>output_projection</c>.
/// Source: huggingface/transformers, src/transformers/models/biogpt/configuration_biogpt.py, commit 053f59efe493, and
/// modular_biogpt.py, commit 03998269f1a8.
/// </summary>
internal static class BioGpt
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 1024), positions = c.Size("max_position_embeddings", 1024);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 16);
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 4096));
        return Decoder.Of(c, "biogpt", c.Size("vocab_size", 42384), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 24), FairseqBlock.Of(attention, feedForward), "biogpt.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "biogpt.embed_tokens.weight",
            Norm("biogpt.layer_norm", hidden, bias: true), head: "output_projection")
            .WithPositions("biogpt.embed_positions.weight", positions + 2);
    }
}
