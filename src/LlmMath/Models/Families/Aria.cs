using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Aria's decoder: Llama with a mixture in every layer, its experts stacked and stored as [inputs, outputs], beside shared ones.
/// Source: huggingface/transformers, src/transformers/models/aria/configuration_aria.py, commit 008e57439125, and modular_aria.py
/// beside it (<c>AriaTextMoELayer</c>, <c>AriaGroupedExpertsGemm</c>).
/// </summary>
internal static class Aria
{
    public static Architecture BuildText(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        MixtureOfExperts moe = c.Mixture(attention.HiddenSize, experts: ("moe_num_experts", 8), active: 2,
            width: ("intermediate_size", 4096), shared: ("moe_num_shared_experts", 2), activeField: "moe_topk");
        bool bias = c.Flag("attention_bias", false), feedForwardBias = c.Flag("mlp_bias", false);
        return Decoder.Of(c, "aria_text", c.Size("vocab_size", 32000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), LlamaBlock.Of(attention, moe,
            [
                .. moe.Router("mlp.router"),
                .. OfExperts(moe,
                [
                    Stack("mlp.experts.fc1.weight", moe.Experts, moe.HiddenSize, 2 * moe.ExpertIntermediateSize, MatrixKind.Up),
                    Stack("mlp.experts.fc2.weight", moe.Experts, moe.ExpertIntermediateSize, moe.HiddenSize, MatrixKind.Down),
                ]),
                .. moe.Shared("mlp.shared_experts.", feedForwardBias),
            ], qkvBias: bias, outputBias: bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static Tensor Stack(string name, long experts, long inputs, long outputs, MatrixKind kind) =>
        Plain(name, TensorRole.Expert, experts, inputs, outputs) with { Kind = kind, IsInputsFirst = true };
}
