namespace LlmMath.Tests.Interchange;

/// <summary>The shapes that a conversion gives to a checkpoint's tensor: stacked, split, transposed, squeezed. Sources as
/// <see cref="GgufConversion"/>.</summary>
internal static class GgufShapes
{
    public static long[][] Of(string family, Tensor tensor, string[] names, Block? block)
    {
        long[] shape = SafetensorsFile.Shape(tensor.Shape);
        if (IsTransposed(family, tensor))
        {
            (shape[^1], shape[^2]) = (shape[^2], shape[^1]);
        }

        if (tensor.Copies > 1)
        {
            shape = [tensor.Copies, .. shape];
        }

        if (names.Length > 1)
        {
            return Split(names, shape, block!);
        }

        string kind = names[0].Split('.') is [.., var part, "weight"] ? part : names[0].Split('.')[^1];
        Mamba2Mixer? mamba = block?.Mixers.OfType<Mamba2Mixer>().FirstOrDefault();
        return
        [
            family == "dbrx" && kind.EndsWith("_exps", StringComparison.Ordinal)
                ? Unstacked(shape, tensor, kind == "ffn_down_exps")
            : kind is "ssm_conv1d" or "conv" ? [shape[0], shape[^1]]
            : family == "kimi_linear" && kind.StartsWith("ssm_conv1d_", StringComparison.Ordinal) ? [1, shape[0], 1, shape[^1]]
            : kind is "ssm_a" or "ssm_d" && mamba is not null ? [.. shape, 1]
            : kind is "ssm_norm" && mamba is not null ? [mamba.Groups, shape[0] / mamba.Groups]
            : kind is "ffn_gate_inp_shexp" || names[0].EndsWith("exp_probs_b.bias", StringComparison.Ordinal) ? [shape[^1]]
            : shape,
        ];
    }

    private static bool IsTransposed(string family, Tensor tensor) => family switch
    {
        "gpt2" or "jais" => tensor.Shape.Rank == 2 && tensor.Role is TensorRole.Attention or TensorRole.FeedForward
            && tensor.Name.EndsWith(".weight", StringComparison.Ordinal),
        "gpt_oss" or "llama4_text" => tensor.Name.EndsWith("experts.gate_up_proj", StringComparison.Ordinal)
            || tensor.Name.EndsWith("experts.down_proj", StringComparison.Ordinal),
        _ => false,
    };

    private static long[][] Split(string[] names, long[] shape, Block block)
    {
        if (names[0].Contains("attn_k_b", StringComparison.Ordinal))
        {
            LatentAttention latent = block.Mixers.OfType<LatentAttention>().First();
            return [[latent.Heads, latent.KeyValueRank, latent.NopeHeadDim],
                [latent.Heads, latent.ValueHeadDim, latent.KeyValueRank]];
        }

        int axis = shape.Length - (names[0].EndsWith(".bias", StringComparison.Ordinal) ? 1 : 2);
        long[] parts = block.Mixers.OfType<GatedDeltaNet>().FirstOrDefault() is { } delta
            && names[0].Contains("attn_qkv", StringComparison.Ordinal)
            ? [delta.ConvolutionSize, delta.ValueSize]
            : block.Mixers.OfType<GroupedQueryAttention>().FirstOrDefault() is { } a
                && names[0].Contains("attn_q", StringComparison.Ordinal)
                ? [a.QuerySize, a.KeySize, a.ValueSize]
                : [shape[axis] / 2, shape[axis] / 2];
        return [.. parts.Select(size => (long[])[.. shape[..axis], size, .. shape[(axis + 1)..]])];
    }

    private static long[] Unstacked(long[] shape, Tensor tensor, bool down) => down
        ? [tensor.Experts!.Value, shape[1], shape[0] / tensor.Experts.Value]
        : [tensor.Experts!.Value, shape[0] / tensor.Experts.Value, shape[1]];
}
