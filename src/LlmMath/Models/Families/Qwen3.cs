using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Qwen 3: Qwen 2 with norms of queries and keys instead of their biases, and heads of a size of their own.
/// Source: huggingface/transformers, src/transformers/models/qwen3/configuration_qwen3.py, commit 008e57439125, and
/// modular_qwen3.py, commit 02e8340b9678.
/// </summary>
internal static class Qwen3
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32, headDim: 128);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 22016));
        bool bias = c.Flag("attention_bias", false);
        return Qwen2.Of(c, "qwen3", attention, feedForward, qkvBias: bias, outputBias: bias, headNorms: true);
    }
}
