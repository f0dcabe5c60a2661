using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GLM-4: gate and up in one projection, biases on queries, keys and values; GLM-4-0414 (<c>glm4</c>) has two more norms a layer,
/// behind the attention and behind the feed-forward layer.
/// Source: huggingface/transformers, src/transformers/models/glm/configuration_glm.py, commit 008e57439125, and modular_glm.py,
/// commit 0325dc46d077; glm4/configuration_glm4.py, commit 008e57439125, and modular_glm4.py, commit 08c532782ab8.
/// </summary>
internal static class Glm
{
    public static Architecture Build(ConfigReader c) => Of(c, "glm", outerNorms: false);

    public static Architecture Build4(ConfigReader c) => Of(c, "glm4", outerNorms: true);

    private static Architecture Of(ConfigReader c, string family, bool outerNorms)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 2, headDim: 128);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 13696));
        return Decoder.Of(c, family, c.Size("vocab_size", 151552), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 40), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Separate("self_attn.", qkvBias: c.Flag("attention_bias", true)),
                .. outerNorms ? Norm("post_self_attn_layernorm", hidden) : [],
                .. Norm("post_attention_layernorm", hidden),
                .. feedForward.Fused("mlp."),
                .. outerNorms ? Norm("post_mlp_layernorm", hidden) : [],
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
