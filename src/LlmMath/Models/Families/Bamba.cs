using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Bamba: Mamba-2 with attention at the few layers listed, and a gated feed-forward layer at every one.
/// Source: huggingface/transformers, src/transformers/models/bamba/configuration_bamba.py, commit 001f85b38fb4, and
/// modular_bamba.py, commit 024072ac6f92.
/// </summary>
internal static class Bamba
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 14336));
        Func<int, bool> attends = c.Listed("attn_layer_indices") ?? (_ => false);
        return Decoder.Of(c, "bamba", c.Size("vocab_size", 128000), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 32), attends, isAttention =>
            {
                MixerParts mixer = isAttention ? Attention(c, attention) : StateSpace(c, hidden);
                return new BlockParts(mixer.Kind, feedForward,
                [
                    .. Norm("input_layernorm", hidden),
                    .. mixer.Tensors,
                    .. Norm("pre_ff_layernorm", hidden),
                    .. feedForward.Tensors("feed_forward.", c.Flag("mlp_bias", false)),
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false),
            finalNorm: Norm("model.final_layernorm", hidden));
    }

    /// <summary>A layer's attention, as Granite 4 has it too.</summary>
    public static MixerParts Attention(ConfigReader c, GroupedQueryAttention attention)
    {
        bool bias = c.Flag("attention_bias", false);
        return new(attention, attention.Separate("self_attn.", bias, bias));
    }

    /// <summary>A layer's Mamba-2 mixer, as Granite 4 has it too.</summary>
    public static MixerParts StateSpace(ConfigReader c, long hidden)
    {
        Mamba2Mixer mamba = c.Mamba2(hidden, inner: c.Size("mamba_expand", 2) * hidden);
        bool bias = c.Flag("mamba_proj_bias", false);
        return new(mamba, mamba.Tensors("mamba.", c.Flag("mamba_conv_bias", true), inputBias: bias, outputBias: bias));
    }
}
