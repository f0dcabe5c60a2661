using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Phi-3-small: layer norms, biases everywhere, a tied head; every other layer attends block-sparsely, but caches every token.
/// The checkpoint stores each layer's rotary frequencies.
/// Source: ml-explore/mlx-lm, mlx_lm/models/phi3small.py, commit d78bf58e217c, which requires every size, as here.
/// </summary>
internal static class Phi3Small
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size"), heads = c.Size("num_attention_heads");
        GroupedQueryAttention attention =
            c.GroupedQuery(hidden, heads, c.Size("num_key_value_heads"), headsField: "num_attention_heads");
        var feedForward = new GatedFeedForward(hidden, c.Size("ff_intermediate_size"));
        int layers = c.Layers("num_hidden_layers");
        Architecture decoder = Decoder.Of(c, "phi3small", c.Size("vocab_size"), hidden,
            Decoder.Same(layers, new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Fused("self_attn.query_key_value", "self_attn.dense", qkvBias: true, outputBias: true),
                .. Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Fused("mlp.", gateUp: "up_proj", bias: true),
            ])),
            tied: c.Flag("tie_word_embeddings", true),
            finalNorm: Norm("model.final_layernorm", hidden, bias: true));
        return decoder with
        {
            Additions = StoredBuffers.RotaryFrequencies(Decoder.LayerPrefix + "self_attn.rotary_emb.inv_freq",
                [.. Enumerable.Range(0, layers)], rotated: attention.HeadDim),
        };
    }
}
