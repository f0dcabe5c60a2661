using LlmMath.Formats;

namespace LlmMath;

/// <summary>Tells a tensor's kind by its role, and among the linear layers of a role by its module's name.</summary>
internal static class MatrixKinds
{
    public static MatrixKind Of(Tensor tensor) => tensor.Role switch
    {
        _ when tensor.Shape.Rank < 2 || tensor.IsLinearBias || tensor.Shape[0] == 1 => MatrixKind.None,
        TensorRole.Embedding => MatrixKind.Embedding,
        TensorRole.Head => MatrixKind.Head,
        TensorRole.Router => MatrixKind.Router,
        TensorRole.Attention => Attention(Module(tensor.Name)),
        TensorRole.State => State(tensor.Name),
        TensorRole.FeedForward or TensorRole.Expert or TensorRole.SharedExpert => FeedForward(tensor),
        TensorRole.Projection => Projection(tensor.Name),
        _ => MatrixKind.None,
    };

    private static MatrixKind Attention(ReadOnlySpan<char> module) => module switch
    {
        "q_proj" or "q" => MatrixKind.Query,
        "k_proj" or "k" => MatrixKind.Key,
        "v_proj" or "v" => MatrixKind.Value,
        "qkv_proj" or "query_key_value" or "W_pack" or "c_attn" or "Wqkv" or "wqkv" => MatrixKind.QueryKeyValue,
        "o_proj" or "out_proj" or "dense" or "o" or "c_proj" or "wo" => MatrixKind.AttentionOutput,
        "q_a_proj" or "kv_a_proj_with_mqa" or "wk" or "wq_b" or "weights_proj" => MatrixKind.Replicated,
        _ => MatrixKind.Other,
    };

    // Recurrent mixers hold matrices that are no linear layers: convolutions, decays, token shifts.
    private static MatrixKind State(string name)
    {
        ReadOnlySpan<char> module = Module(name);
        return !name.EndsWith(".weight", StringComparison.Ordinal) || module.Contains("conv", StringComparison.Ordinal)
            ? MatrixKind.None
            : module is "in_proj_qkv" ? MatrixKind.QueryKeyValue : MatrixKind.Other;
    }

    private static MatrixKind FeedForward(Tensor tensor)
    {
        ReadOnlySpan<char> module = Module(tensor.Name);
        return module switch
        {
            "down_proj" or "fc2" or "fc_out" or "c_proj" or "dense_4h_to_h" or "wo" or "output_linear" or "linear_1" =>
                MatrixKind.Down,
            // The first Qwen calls its gate w2.
            "w2" => tensor.Role == TensorRole.FeedForward && tensor.Name.EndsWith(".mlp.w2.weight", StringComparison.Ordinal)
                ? MatrixKind.Up
                : MatrixKind.Down,
            "receptance" or "key" or "value" => MatrixKind.Other,
            _ => module.StartsWith("time_mix", StringComparison.Ordinal) ? MatrixKind.None : MatrixKind.Up,
        };
    }

    // Gemma 3n's streams mix by small matrices that stay as they are.
    private static MatrixKind Projection(string name) =>
        name.Contains("altup", StringComparison.Ordinal) || name.Contains("laurel", StringComparison.Ordinal)
            || name.Contains("per_layer_model_projection", StringComparison.Ordinal)
            ? MatrixKind.None
            : MatrixKind.Other;

    /// <summary>The last part of a name, <c>.weight</c> left off.</summary>
    private static ReadOnlySpan<char> Module(string name)
    {
        ReadOnlySpan<char> module = name;
        if (module.EndsWith(".weight", StringComparison.Ordinal))
        {
            module = module[..^".weight".Length];
        }

        return module[(module.LastIndexOf('.') + 1)..];
    }
}
