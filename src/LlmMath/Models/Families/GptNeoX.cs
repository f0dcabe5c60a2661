using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT-NeoX (Pythia): rotary positions on a part of each head, layer norms, fused projections, a head named <c>embed_out</c>; old
/// files hold a causal mask and rotary frequencies a layer.
/// Source: huggingface/transformers, src/transformers/models/gpt_neox/configuration_gpt_neox.py, commit 008e57439125, and
/// modular_gpt_neox.py, commit 00dcc6dda6f6.
/// </summary>
internal static class GptNeoX
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("rotary_pct", "partial_rotary_factor").Idle("use_parallel_residual");
        long hidden = c.Size("hidden_size", 6144);
        bool bias = c.Flag("attention_bias", true);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 64);
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 24576));
        Architecture decoder = Decoder.Of(c, "gpt_neox", c.Size("vocab_size", 50432), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 44), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Fused("attention.query_key_value", "attention.dense", bias, bias),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "dense_h_to_4h", "dense_4h_to_h", bias: true),
            ]), "gpt_neox.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", false), "gpt_neox.embed_in.weight",
            Norm("gpt_neox.final_layer_norm", hidden, bias: true), head: "embed_out");
        ValueList<int> layers = decoder.Blocks[0].Layers;
        long positions = c.Size("max_position_embeddings", 2048), rotated = RotatedDimensions(c, attention.HeadDim);
        return decoder with
        {
            Additions =
            [
                StoredBuffers.CausalMasks("gpt_neox.layers.{layer}.attention.bias", layers, positions),
                .. StoredBuffers.RotaryFrequencies("gpt_neox.layers.{layer}.attention.rotary_emb.inv_freq", layers, rotated),
            ],
        };
    }

    private static long RotatedDimensions(ConfigReader c, long headDim) =>
        c.Real("rotary_pct", 0.25) is var part and >= 0 and <= 1
            ? (long)(headDim * part)
            : throw c.Invalid("rotary_pct", "must be a number from 0 to 1.");
}
