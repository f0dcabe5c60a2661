using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// DBRX: layer norms without biases, queries, keys and values in one projection, and three tensors that stack all experts of a
/// layer.
/// Source: huggingface/transformers, src/transformers/models/dbrx/configuration_dbrx.py, commit 032b32abfb07, and
/// modular_dbrx.py, commit 05a84051f4cc.
/// </summary>
internal static class Dbrx
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("hidden_size", "d_model").Alias("num_attention_heads", "n_heads").Alias("num_hidden_layers", "n_layers")
            .Alias("max_position_embeddings", "max_seq_len");
        ConfigReader attentionFields = Part(c, "attn_config"), expertFields = Part(c, "ffn_config");
        long hidden = c.Size("hidden_size", 2048), heads = c.Size("num_attention_heads", 16);
        GroupedQueryAttention attention = c.GroupedQuery(hidden, heads, attentionFields.Size("kv_n_heads", 1),
            "num_attention_heads", "attn_config.kv_n_heads");
        MixtureOfExperts moe = expertFields.Mixture(hidden, experts: ("moe_num_experts", 4), active: 1,
            width: ("ffn_hidden_size", 3584), activeField: "moe_top_k");
        long widths = moe.Experts * moe.ExpertIntermediateSize;
        if (c.Flag("tie_word_embeddings", false))
        {
            throw c.Invalid("tie_word_embeddings", "must be false: DBRX's head has weights of its own.");
        }

        return Decoder.Of(c, "dbrx", c.Size("vocab_size", 32000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 24), new BlockParts(attention, moe,
            [
                .. Norm("norm_attn_norm.norm_1", hidden),
                .. attention.Fused("norm_attn_norm.attn.Wqkv", "norm_attn_norm.attn.out_proj"),
                .. Norm("norm_attn_norm.norm_2", hidden),
                .. moe.Router("ffn.router.layer"),
                .. OfExperts(moe,
                [
                    Plain("ffn.experts.mlp.w1", TensorRole.Expert, widths, hidden) with { Kind = MatrixKind.Up },
                    Plain("ffn.experts.mlp.v1", TensorRole.Expert, widths, hidden) with { Kind = MatrixKind.Up },
                    Plain("ffn.experts.mlp.w2", TensorRole.Expert, widths, hidden) with { Kind = MatrixKind.Down },
                ]),
            ]), "transformer.blocks.{layer}."),
            tied: false, "transformer.wte.weight", Norm("transformer.norm_f", hidden));
    }

    /// <summary>A nested object; one that is missing takes all its defaults.</summary>
    private static ConfigReader Part(ConfigReader c, string field) => c.Section(field) ?? new(new ModelConfig(), field + ".");
}
