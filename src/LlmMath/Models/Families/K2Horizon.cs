using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// K2 Horizon: Llama's block with experts beside a shared one, and dense layers where <c>mlp_only_layers</c> or
/// <c>decoder_sparse_step</c> says so.
/// Source: the config.json, configuration_k2_horizon.py and modeling_k2_horizon.py of
/// huggingface.co/IFM/K2-Horizon-375B-A23B, and the names in its model.safetensors.index.json, read 2026-10-03.
/// </summary>
internal static class K2Horizon
{
    public static Architecture Build(ConfigReader c)
    {
        RefuseUnknown(c);
        const string layerField = "num_hidden_layers", vocabulary = "vocab_size", width = "intermediate_size";
        c.Size("head_dim");
        GroupedQueryAttention attention = c.Attention(c.Size("hidden_size"), c.Size("num_attention_heads"))
            .Within(c.SwitchedWindow(null));
        long hidden = attention.HiddenSize;
        var dense = new GatedFeedForward(hidden, c.Size(width));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", null), active: null,
            width: ("moe_intermediate_size", null), shared: ("num_shared_experts", 0));
        bool bias = c.Flag("attention_bias", false), corrects = c.Flag("moe_gate_bias", true);
        Func<int, bool> isSparse = c.SparseLayers();
        return Decoder.Of(c, "k2_horizon", c.Size(vocabulary), hidden,
            Decoder.ByKind(c.Layers(layerField), isSparse, mixes => mixes
                ? LlamaBlock.Of(attention, moe,
                [
                    .. moe.Router("mlp.gate"),
                    .. When(corrects, Plain("mlp.gate.bias", TensorRole.Router, moe.Experts)),
                    .. moe.PerExpert("mlp.experts.{expert}."),
                    .. moe.Shared("mlp.shared_experts."),
                ], bias, bias)
                : LlamaBlock.Of(attention, dense, bias, bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }

    // The class knows more than the release uses; nobody has published what tensors that would have.
    private static void RefuseUnknown(ConfigReader c)
    {
        c.Idle("layernorm_num_groups", "mova_num_experts_per_tok", "rope_head_dim");
        if (c.Has("attention_gate_func"))
        {
            throw c.Invalid("attention_gate_func", "must be null: the tensors of a gated attention are not known.");
        }

        if (c.Count("mova_num_experts", 0) != 0)
        {
            throw c.Invalid("mova_num_experts", "must be 0: the tensors of value experts are not known.");
        }

        if (c.Flag("query_key_norm", false))
        {
            throw c.Invalid("query_key_norm", "must be false: the tensors of such norms are not known.");
        }
    }
}
