using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// EXAONE 3 and 3.5: Llama's shape under GPT-2's names.
/// Source: remote code, as copied in vllm-project/vllm, vllm/transformers_utils/configs/exaone.py, commit 0d8caed3604d, and
/// vllm/model_executor/models/exaone.py, commit 0531c2226a6a.
/// </summary>
internal static class Exaone
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_hidden_layers", "num_layers");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 32);
        long hidden = attention.HiddenSize;

        // The config class takes 0 for "not given", as it takes null.
        bool noWidth = c.Value("intermediate_size") is { Integer: 0 };
        var feedForward = new GatedFeedForward(hidden, noWidth ? 4 * hidden : c.Size("intermediate_size", 4 * hidden));
        return Decoder.Of(c, "exaone", c.Size("vocab_size", 102400), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("ln_1", hidden),
                .. attention.Separate("attn.attention.", o: "out_proj"),
                .. Norm("ln_2", hidden),
                .. feedForward.Tensors("mlp.", gate: "c_fc_0", up: "c_fc_1", down: "c_proj"),
            ]), "transformer.h.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "transformer.wte.weight", Norm("transformer.ln_f", hidden));
    }
}
