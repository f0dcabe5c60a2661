using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The block of the decoders that fairseq trained (OPT, XGLM, BioGPT), under BART's names.</summary>
internal static class FairseqBlock
{
    /// <summary>Attention, attention to an encoder where there is one, and the feed-forward, each with its layer norm.</summary>
    public static BlockParts Of(GroupedQueryAttention attention, DenseFeedForward feedForward, bool bias = true,
        bool affine = true, CrossAttention? cross = null) => new(cross is null ? [attention] : [attention, cross], [feedForward],
        [
            .. LayerNorm("self_attn_layer_norm", attention.HiddenSize, affine),
            .. attention.Separate("self_attn.", bias, bias, o: "out_proj"),
            .. cross is null ? [] : LayerNorm("encoder_attn_layer_norm", cross.HiddenSize, affine),
            .. cross is null ? [] : cross.Separate("encoder_attn.", bias, bias, o: "out_proj"),
            .. LayerNorm("final_layer_norm", feedForward.HiddenSize, affine),
            .. feedForward.Tensors("", "fc1", "fc2", bias),
        ]);

    /// <summary>A layer norm; without <paramref name="affine"/> it has no parameters.</summary>
    public static IEnumerable<Tensor> LayerNorm(string name, long size, bool affine) =>
        affine ? Norm(name, size, bias: true) : [];
}
