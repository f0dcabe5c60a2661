using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Grok-1: experts at every layer, and norms before and after both attention and experts.
/// Source: remote code, as read by vllm-project/vllm, vllm/model_executor/models/grok1.py, commit 02082de97f25; sizes that a
/// config leaves out: xai-org/grok-1, run.py, commit 11b95e7a2635. Names as in the checkpoints converted for Hugging Face.
/// </summary>
internal static class Grok
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_local_experts", "num_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 6144, heads: 48, keyValueHeads: 8);
        long hidden = attention.HiddenSize;
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 8), active: 2, width: ("intermediate_size", 32768));
        return Decoder.Of(c, "grok-1", c.Size("vocab_size", 131072), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 64), new BlockParts(attention, moe,
            [
                .. Norm("pre_attn_norm", hidden),
                .. attention.Separate("attn."),
                .. Norm("post_attn_norm", hidden),
                .. Norm("pre_moe_norm", hidden),
                .. moe.Router("moe_block.gate"),
                .. moe.PerExpert("moe_block.experts.{expert}.", gate: "linear", up: "linear_v", down: "linear_1"),
                .. Norm("post_moe_norm", hidden),
            ])),
            tied: c.Flag("tie_word_embeddings", true));
    }
}
