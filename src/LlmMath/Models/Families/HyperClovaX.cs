using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// HyperCLOVA X: Granite's decoder, and where <c>use_post_norm</c> says so a norm after attention and after the feed-forward.
/// Source: huggingface/transformers, src/transformers/models/hyperclovax/modular_hyperclovax.py, commit 4229c170bafb.
/// </summary>
internal static class HyperClovaX
{
    public static Architecture Build(ConfigReader c)
    {
        Architecture decoder = Granite.Build(c) with { Family = "hyperclovax" };
        if (!c.Flag("use_post_norm", false))
        {
            return decoder;
        }

        Tensor[] after = [.. InEachLayer(Decoder.LayerPrefix,
            [.. Norm("post_norm1", decoder.HiddenSize), .. Norm("post_norm2", decoder.HiddenSize)])];
        return decoder with
        {
            Blocks = [.. decoder.Blocks.Select(block => block with { Tensors = [.. block.Tensors, .. after] })],
        };
    }
}
