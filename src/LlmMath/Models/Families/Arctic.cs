using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Snowflake Arctic: in every <c>moe_layer_frequency</c>-th layer a mixture, beside which a dense layer of the residual stream's
/// width runs where <c>use_residual</c> says so; else a dense layer.
/// Source: vllm-project/vllm, vllm/model_executor/models/arctic.py, commit 00db0119c376. The defaults of its config are those
/// of no model: sizes must be given.
/// </summary>
internal static class Arctic
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.NeedingSizes().Needing("num_local_experts", "num_experts_per_tok", "moe_layer_frequency");
        GroupedQueryAttention a = c.AttentionSharingWidth(hiddenSize: 1, heads: 1);
        long hidden = a.HiddenSize, period = c.Size("moe_layer_frequency");
        bool beside = c.Flag("use_residual", false);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size"));
        var residual = new GatedFeedForward(hidden, hidden);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_local_experts", null), active: null,
            width: ("intermediate_size", null));
        return Decoder.Of(c, "arctic", c.Size("vocab_size"), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers"), layer => (layer + 1) % period == 0, sparse => new BlockParts([a],
                !sparse ? [dense] : beside ? [residual, moe] : [moe],
                [
                    .. Norm("input_layernorm", hidden),
                    .. a.Separate("self_attn."),
                    .. Norm("post_attention_layernorm", hidden),
                    .. sparse
                        ? [
                            .. moe.Router("block_sparse_moe.gate"),
                            .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
                        ]
                        : dense.Tensors("block_sparse_moe.mlp.", gate: "w1", up: "w3", down: "w2"),
                    .. sparse && beside
                        ? [
                            .. Norm("residual_layernorm", hidden),
                            .. residual.Tensors("residual_mlp.", gate: "w1", up: "w3", down: "w2"),
                        ]
                        : Enumerable.Empty<Tensor>(),
                ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
