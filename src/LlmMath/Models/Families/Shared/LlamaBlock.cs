using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The block that Llama made common: norm, attention, norm, feed-forward. Families that keep its names and order differ
/// in the flags; those with other names list their own.</summary>
internal static class LlamaBlock
{
    /// <summary>The block with a gated feed-forward layer.</summary>
    /// <param name="attention">The attention.</param>
    /// <param name="feedForward">The feed-forward layer.</param>
    /// <param name="qkvBias">Whether the query, key and value projections have biases.</param>
    /// <param name="outputBias">Whether the output projection has a bias.</param>
    /// <param name="headNorms">Whether queries and keys are normalized, each head by itself.</param>
    /// <param name="feedForwardBias">Whether the feed-forward layer's matrices have biases.</param>
    public static BlockParts Of(GroupedQueryAttention attention, GatedFeedForward feedForward, bool qkvBias = false,
        bool outputBias = false, bool headNorms = false, bool feedForwardBias = false) =>
        Of(attention, feedForward, feedForward.Tensors("mlp.", feedForwardBias), qkvBias, outputBias, headNorms);

    /// <summary>The block with another feed-forward layer, whose tensors the family lists.</summary>
    public static BlockParts Of(GroupedQueryAttention attention, FeedForward feedForward, IEnumerable<Tensor> feedForwardTensors,
        bool qkvBias = false, bool outputBias = false, bool headNorms = false) => new(attention, feedForward,
        [
            .. Norm("input_layernorm", attention.HiddenSize),
            .. attention.Separate("self_attn.", qkvBias, outputBias),
            .. headNorms ? attention.HeadNorms("self_attn.") : [],
            .. Norm("post_attention_layernorm", attention.HiddenSize),
            .. feedForwardTensors,
        ]);
}
