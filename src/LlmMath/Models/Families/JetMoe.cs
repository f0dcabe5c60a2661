using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// JetMoE: experts in attention too. Each makes queries for, and reads the outputs of, as many heads as there are key and value
/// heads, which all experts share; the heads of a token are those of its experts. An expert of attention counts as one of two
/// matrices without a gate.
/// Source: huggingface/transformers, src/transformers/models/jetmoe/configuration_jetmoe.py, commit 05cd1ec14dbe, and
/// modular_jetmoe.py, commit 00c77b3150d3.
/// </summary>
internal static class JetMoe
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("kv_channels", "head_dim");
        long hidden = c.Size("hidden_size", 2048), keyValueHeads = c.Size("num_key_value_heads", 16);
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 8), active: 2, width: ("intermediate_size", 5632));
        var attention = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = keyValueHeads * moe.ActiveExperts,
            KeyValueHeads = keyValueHeads,
            HeadDim = c.Size("kv_channels", 128),
        };
        MixtureOfExperts attending = moe with { ExpertIntermediateSize = attention.KeySize, IsGated = false };
        return Decoder.Of(c, "jetmoe", c.Size("vocab_size", 32000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 12), new BlockParts([attention], [moe, attending],
            [
                .. Norm("input_layernorm", hidden),
                Bias("self_attention.experts.bias", hidden, TensorRole.Attention),
                .. OfExperts(attending,
                [
                    Plain("self_attention.experts.input_linear.weight", TensorRole.Expert, attending.Experts, attention.KeySize,
                        hidden) with { Kind = MatrixKind.Up },
                    Plain("self_attention.experts.output_linear.weight", TensorRole.Expert, attending.Experts, hidden,
                        attention.KeySize) with { Kind = MatrixKind.Down },
                ]),
                .. attending.Router("self_attention.experts.router.layer"),
                .. Linear("self_attention.kv_proj", hidden, attention.KeySize + attention.ValueSize,
                    TensorRole.Attention, MatrixKind.QueryKeyValue),
                .. Norm("post_attention_layernorm", hidden),
                Bias("mlp.bias", hidden, TensorRole.FeedForward),
                .. moe.Stacked("mlp.", "input_linear.weight", "output_linear.weight"),
                .. moe.Router("mlp.router.layer"),
            ])),
            tied: c.Flag("tie_word_embeddings", true));
    }
}
