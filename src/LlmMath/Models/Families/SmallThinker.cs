using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// SmallThinker: experts in every layer, chosen by a router that reads what attention reads; layers with a window as
/// <c>sliding_window_layout</c> has them.
/// Source: PowerInfer/SmallThinker-4BA0.6B-Instruct, configuration_smallthinker.py and modeling_smallthinker.py;
/// ggml-org/llama.cpp, conversion/smallthinker.py, commit 051139f51130, reads the same fields and names.
/// </summary>
internal static class SmallThinker
{
    public static Architecture Build(ConfigReader c)
    {
        RefuseOlder(c);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 1536, heads: 12, keyValueHeads: 2, headDim: 128);
        int layers = c.Layers("num_hidden_layers", 32);
        GroupedQueryAttention sliding = attention.Within(c.Size("sliding_window_size", 4096));
        Func<int, bool> slides = c.Switches("sliding_window_layout", layers) ?? (_ => false);
        MixtureOfExperts moe = c.Mixture(attention.HiddenSize, experts: ("moe_num_primary_experts", 32), active: 4,
            width: ("moe_ffn_hidden_size", 768), activeField: "moe_num_active_primary_experts");
        return Decoder.Of(c, "smallthinker", c.Size("vocab_size", 151936), attention.HiddenSize,
            Decoder.ByKind(layers, layer => slides(layer) ? sliding : attention, a => LlamaBlock.Of(a, moe,
            [
                .. moe.Router("block_sparse_moe.primary_router"),
                .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "gate", up: "up", down: "down"),
            ])),
            tied: c.Flag("tie_word_embeddings", true));
    }

    // An earlier release could split experts once more; no published checkpoint does.
    private static void RefuseOlder(ConfigReader c)
    {
        const string field = "moe_enable_secondary_experts";
        if (c.Has(field) && c.Flag(field, false))
        {
            throw c.Invalid(field, "must be false: secondary experts are not counted; it is true.");
        }
    }
}
