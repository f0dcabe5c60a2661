using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The tensors of the recurrent mixers that several families share, in the layouts that checkpoints use.</summary>
internal static class RecurrentTensors
{
    /// <summary>A short convolution over time, each channel by itself: its taps, and its bias where it has one.</summary>
    public static IEnumerable<Tensor> Convolution(string name, long channels, long kernel, bool bias = false)
    {
        yield return Plain(name + ".weight", TensorRole.State, channels, 1, kernel);
        if (bias)
        {
            yield return Plain(name + ".bias", TensorRole.State, channels);
        }
    }

    /// <summary>Mamba-1. <paramref name="under"/> is the module, with its dot: <c>mixer.</c></summary>
    public static IEnumerable<Tensor> Tensors(this MambaMixer m, string under, bool bias, bool convolutionBias) =>
    [
        .. Linear(under + "in_proj", m.HiddenSize, 2 * m.InnerSize, TensorRole.State, MatrixKind.Other, bias),
        .. Convolution(under + "conv1d", m.InnerSize, m.ConvolutionKernel, convolutionBias),
        .. Linear(under + "x_proj", m.InnerSize, m.TimeStepRank + (2 * m.StateSize), TensorRole.State, MatrixKind.Other),
        .. Linear(under + "dt_proj", m.TimeStepRank, m.InnerSize, TensorRole.State, MatrixKind.Other, bias: true),
        Plain(under + "A_log", TensorRole.State, m.InnerSize, m.StateSize),
        Plain(under + "D", TensorRole.State, m.InnerSize),
        .. Linear(under + "out_proj", m.InnerSize, m.HiddenSize, TensorRole.State, MatrixKind.Other, bias),
    ];

    /// <summary>Mamba-2: gate, channels, B, C and time steps come from one projection.</summary>
    public static IEnumerable<Tensor> Tensors(this Mamba2Mixer m, string under, bool convolutionBias, bool inputBias = false,
        bool outputBias = false, bool norm = true) =>
    [
        .. Linear(under + "in_proj", m.HiddenSize, m.InnerSize + m.ConvolutionSize + m.Heads,
            TensorRole.State, MatrixKind.Other, inputBias),
        .. Convolution(under + "conv1d", m.ConvolutionSize, m.ConvolutionKernel, convolutionBias),
        Plain(under + "dt_bias", TensorRole.State, m.Heads),
        Plain(under + "A_log", TensorRole.State, m.Heads),
        Plain(under + "D", TensorRole.State, m.Heads),
        .. norm ? Norm(under + "norm", m.InnerSize) : [],
        .. Linear(under + "out_proj", m.InnerSize, m.HiddenSize, TensorRole.State, MatrixKind.Other, outputBias),
    ];

    /// <summary>Gated delta net. <paramref name="fused"/>: queries, keys, values and gate in one projection, the two rates in
    /// another, as Qwen3-Next has them; else the gate and each rate in their own, as Qwen 3.5.</summary>
    public static IEnumerable<Tensor> Tensors(this GatedDeltaNet m, string under, bool fused) =>
    [
        .. fused
            ? (IEnumerable<Tensor>)
            [
                .. Linear(under + "in_proj_qkvz", m.HiddenSize, m.ConvolutionSize + m.ValueSize,
                    TensorRole.State, MatrixKind.Other),
                .. Linear(under + "in_proj_ba", m.HiddenSize, 2 * m.ValueHeads, TensorRole.State, MatrixKind.Other),
            ]
            :
            [
                .. Linear(under + "in_proj_qkv", m.HiddenSize, m.ConvolutionSize, TensorRole.State, MatrixKind.QueryKeyValue),
                .. Linear(under + "in_proj_z", m.HiddenSize, m.ValueSize, TensorRole.State, MatrixKind.Other),
                .. Linear(under + "in_proj_b", m.HiddenSize, m.ValueHeads, TensorRole.State, MatrixKind.Other),
                .. Linear(under + "in_proj_a", m.HiddenSize, m.ValueHeads, TensorRole.State, MatrixKind.Other),
            ],
        .. Convolution(under + "conv1d", m.ConvolutionSize, m.ConvolutionKernel),
        Plain(under + "dt_bias", TensorRole.State, m.ValueHeads),
        Plain(under + "A_log", TensorRole.State, m.ValueHeads),
        .. Norm(under + "norm", m.ValueHeadDim),
        .. Linear(under + "out_proj", m.ValueSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
    ];
}
