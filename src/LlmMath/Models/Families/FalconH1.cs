using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Falcon-H1: attention and a Mamba-2 mixer side by side in every layer, then a gated feed-forward layer.
/// Source: huggingface/transformers, src/transformers/models/falcon_h1/configuration_falcon_h1.py, commit 020a37d2264e, and
/// modular_falcon_h1.py, commit 00511f5df3b6.
/// </summary>
internal static class FalconH1
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8);
        long hidden = attention.HiddenSize;
        Mamba2Mixer mamba = c.Mamba2(hidden,
            inner: c.IsNull("mamba_d_ssm") ? c.Size("mamba_expand", 2) * hidden : c.Size("mamba_d_ssm", 1024));
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 14336));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "falcon_h1", c.Size("vocab_size", 128000), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts([attention, mamba], [feedForward],
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Separate("self_attn.", bias, bias),
                .. mamba.Tensors("mamba.", c.Flag("mamba_conv_bias", true), inputBias: c.Flag("mamba_proj_bias", false),
                    outputBias: c.Flag("projectors_bias", false), norm: c.Flag("mamba_rms_norm", false)),
                .. Norm("pre_ff_layernorm", hidden),
                .. feedForward.Tensors("feed_forward.", c.Flag("mlp_bias", false)),
            ])),
            tied: c.Flag("tie_word_embeddings", false),
            finalNorm: Norm("model.final_layernorm", hidden));
    }
}
