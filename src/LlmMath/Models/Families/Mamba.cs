using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Mamba: selective state spaces, no attention and no feed-forward layers. Falcon Mamba adds norms without weights.
/// Source: huggingface/transformers, src/transformers/models/mamba/configuration_mamba.py, commit 00328d4e5b22, and
/// falcon_mamba/configuration_falcon_mamba.py, commit 00a11b6a0745; ml-explore/mlx-lm, mlx_lm/models/mamba.py, commit
/// d78bf58e217c.
/// </summary>
internal static class Mamba
{
    public static Architecture Build(ConfigReader c) => Build(c, "mamba", bias: true);

    public static Architecture BuildFalcon(ConfigReader c) => Build(c, "falcon_mamba", bias: false);

    private static Architecture Build(ConfigReader c, string family, bool bias)
    {
        long hidden = c.Idle("expand").Size("hidden_size", 768);
        var mixer = new MambaMixer
        {
            HiddenSize = hidden,

            // falcon-mamba-7b gives this width and an expand that does not make it; the width is right.
            InnerSize = c.SizeOrNull("intermediate_size") ?? (c.Size("expand", 2) * hidden),
            StateSize = c.Size("state_size", 16),
            ConvolutionKernel = c.Size("conv_kernel", 4),
            TimeStepRank = c.TimeStepRank("time_step_rank", hidden),
        };
        return Decoder.Of(c, family, c.Size("vocab_size", 50280), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts([mixer], [],
            [
                .. Norm("norm", hidden),
                .. mixer.Tensors("mixer.", c.Flag("use_bias", bias), c.Flag("use_conv_bias", true)),
            ]), "backbone.layers.{layer}."),
            tied: c.Flag("tie_word_embeddings", true),
            embedding: "backbone.embeddings.weight",
            finalNorm: Norm("backbone.norm_f", hidden));
    }
}
