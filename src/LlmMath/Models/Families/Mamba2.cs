using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Mamba-2: state space duality, no attention and no feed-forward layers.
/// Source: huggingface/transformers, src/transformers/models/mamba2/configuration_mamba2.py, commit f2a39d495c8c;
/// state-spaces/mamba, mamba_ssm/modules/mamba2.py, commit 03a38fb27e96; ml-explore/mlx-lm, mlx_lm/models/mamba2.py, commit
/// d78bf58e217c.
/// </summary>
internal static class Mamba2
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 4096);
        var mixer = new Mamba2Mixer
        {
            HiddenSize = hidden,
            Heads = c.Size("num_heads", 128),
            HeadDim = c.Size("head_dim", 64),
            StateSize = c.Size("state_size", 128),
            Groups = c.Size("n_groups", 8),
            ConvolutionKernel = c.Size("conv_kernel", 4),
        };
        if (mixer.InnerSize != c.Size("expand", 2) * hidden)
        {
            throw c.Invalid("num_heads", $"× head_dim must be expand × hidden_size; it is {(ConfigValue)mixer.InnerSize}.");
        }

        bool bias = c.Flag("use_bias", false);
        return Decoder.Of(c, "mamba2", c.Size("vocab_size", 32768), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 64), new BlockParts([mixer], [],
            [
                .. Norm("norm", hidden),
                .. mixer.Tensors("mixer.", c.Flag("use_conv_bias", true), inputBias: bias, outputBias: bias),
            ]), "backbone.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", false),
            embedding: "backbone.embeddings.weight",
            finalNorm: Norm("backbone.norm_f", hidden));
    }
}
