using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.RecurrentTensors;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>Kimi's delta attention (KDA) in fields and tensors. Source: arXiv:2510.26692; vllm-project/vllm,
/// vllm/model_executor/layers/kda.py, commit 01a7e5d91d42.</summary>
internal static class KimiDeltaTensors
{
    /// <summary>Reads its heads, as <c>linear_attn_config</c> gives them.</summary>
    public static GatedDeltaNet KimiDelta(this ConfigReader linear, long hidden)
    {
        // All layers that are not listed attend in full.
        linear.Idle("full_attn_layers");
        long heads = linear.Size("num_heads"), headDim = linear.Size("head_dim");
        return new()
        {
            HiddenSize = hidden,
            KeyHeads = heads,
            ValueHeads = heads,
            KeyHeadDim = headDim,
            ValueHeadDim = headDim,
            ConvolutionKernel = linear.Size("short_conv_kernel_size", 4),
            DecaysEachChannel = true,
        };
    }

    /// <summary>Its tensors.</summary>
    /// <param name="m">The mixer.</param>
    /// <param name="under">The module, with its dot: <c>self_attn.</c></param>
    /// <param name="fullDecay">Whether decays are made by one matrix, not at the rank of a head.</param>
    /// <param name="fullGate">The same of the output's gate.</param>
    /// <param name="aLogRank">Dimensions in which the heads' decays are stored: 1, or 4 of which three are one.</param>
    public static IEnumerable<Tensor> KimiDelta(this GatedDeltaNet m, string under, bool fullDecay = false, bool fullGate = false,
        int aLogRank = 4)
    {
        (long hidden, long size, long headDim) = (m.HiddenSize, m.ValueSize, m.ValueHeadDim);
        return Under(under,
        [
            .. Matrix("q_proj", hidden, size),
            .. Matrix("k_proj", hidden, size),
            .. Matrix("v_proj", hidden, size),
            .. Convolution("q_conv1d", size, m.ConvolutionKernel),
            .. Convolution("k_conv1d", size, m.ConvolutionKernel),
            .. Convolution("v_conv1d", size, m.ConvolutionKernel),
            .. Made("f", fullDecay),
            Plain("dt_bias", TensorRole.State, size),
            aLogRank == 1
                ? Plain("A_log", TensorRole.State, m.ValueHeads)
                : Plain("A_log", TensorRole.State, 1, 1, m.ValueHeads, 1),
            .. Matrix("b_proj", hidden, m.ValueHeads),
            .. Made("g", fullGate),
            .. Norm("o_norm", headDim),
            .. Matrix("o_proj", size, hidden),
        ]);

        IEnumerable<Tensor> Made(string name, bool full) => full
            ? Matrix(name + "_proj", hidden, size)
            : [.. Matrix(name + "_a_proj", hidden, headDim), .. Matrix(name + "_b_proj", headDim, size)];

        static IEnumerable<Tensor> Matrix(string name, long inputs, long outputs) =>
            Linear(name, inputs, outputs, TensorRole.State, MatrixKind.Other);
    }
}
