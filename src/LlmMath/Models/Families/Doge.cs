using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Doge: Llama's block with norms of queries and keys, a mask made of the values, and weights on both residuals. Where it has
/// experts each is a vector in and a vector out, beside a gated layer that every token passes.
/// Source: huggingface/transformers, src/transformers/models/doge/modular_doge.py, commit 008e57439125.
/// </summary>
internal static class Doge
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention a = c.Attention(hiddenSize: 1024, heads: 8);
        long hidden = a.HiddenSize;
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 2048));
        bool bias = c.Flag("attention_bias", false), feedForwardBias = c.Flag("mlp_bias", false);
        MixtureOfExperts? moe = c.Flag("is_moe", false) ? Vectors(c, hidden) : null;
        return Decoder.Of(c, "doge", c.Size("vocab_size", 32768), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts([a], moe is null ? [dense] : [dense, moe],
            [
                .. Norm("input_layernorm", hidden),
                .. a.Separate("self_attn.", bias, bias),
                Plain("self_attn.A", TensorRole.Attention, a.KeyValueHeads),
                .. Linear("self_attn.dt_proj", a.ValueSize, a.KeyValueHeads, TensorRole.Attention, MatrixKind.Other, bias),
                .. a.HeadNorms("self_attn."),
                Plain("input_residual", TensorRole.Projection, hidden),
                .. Norm("post_attention_layernorm", hidden),
                .. dense.Tensors("mlp.", feedForwardBias),
                .. moe is null ? [] : Tensors(moe),
                Plain("post_attention_residual", TensorRole.Projection, hidden),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static MixtureOfExperts Vectors(ConfigReader c, long hidden)
    {
        long experts = c.Size("num_experts", 16384), active = c.Size("num_experts_per_tok", 64);
        return new()
        {
            HiddenSize = hidden,
            Experts = experts,
            ActiveExperts = active <= experts
                ? active
                : throw c.Invalid("num_experts_per_tok", $"must be at most the {experts} experts; it is {active}."),
            ExpertIntermediateSize = 1,
            IsGated = false,
        };
    }

    // The router scores the two halves of an expert's number, each one of the root of their number.
    private static IEnumerable<Tensor> Tensors(MixtureOfExperts moe) =>
    [
        .. Linear("mlp.router_gate", moe.HiddenSize, 2 * (long)Math.Sqrt(moe.Experts), TensorRole.Router, MatrixKind.Router),
        .. OfExperts(moe,
        [
            Plain("mlp.down_embed.weight", TensorRole.Expert, moe.Experts, moe.HiddenSize) with { Kind = MatrixKind.Up },
            Plain("mlp.up_embed.weight", TensorRole.Expert, moe.Experts, moe.HiddenSize) with { Kind = MatrixKind.Down },
        ]),
    ];
}
