using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.RecurrentTensors;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// RecurrentGemma (Griffin): two layers of linear recurrent units, then one of attention over a window, and so on.
/// Source: huggingface/transformers, src/transformers/models/recurrent_gemma/configuration_recurrent_gemma.py, commit
/// 052b1dcdbe75, and modeling_recurrent_gemma.py, commit 0233e509531a.
/// </summary>
internal static class RecurrentGemma
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("block_types", "_block_types");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 10).Within(c.Size("attention_window_size", 2048));
        long hidden = attention.HiddenSize, width = c.Size("lru_width", hidden);
        c.Divide(width, attention.Heads, "num_attention_heads");
        var unit = new LinearRecurrentUnit
        {
            HiddenSize = hidden,
            Width = width,
            GateBlocks = attention.Heads,
            ConvolutionKernel = c.Size("conv1d_width", 4),
        };

        // The config counts gate and up together.
        long bothWidths = c.Size("intermediate_size", 7680);
        var feedForward = bothWidths > 1
            ? new GatedFeedForward(hidden, bothWidths / 2)
            : throw c.Invalid("intermediate_size", "must be 2 or more: gate and up together; it is 1.");
        bool bias = c.Flag("attention_bias", false);
        ValueList<bool> attends = Pattern(c);
        return Decoder.Of(c, "recurrent_gemma", c.Size("vocab_size", 256000), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 26), layer => attends[layer % attends.Count],
                isAttention => new BlockParts(isAttention ? attention : unit, feedForward,
                [
                    .. Norm("temporal_pre_norm", hidden),
                    .. Under("temporal_block.", isAttention ? attention.Separate("", bias, outputBias: true) : Recurrent(unit)),
                    .. Norm("channel_pre_norm", hidden),
                    .. feedForward.Tensors("mlp_block.", bias: true),
                ])),
            tied: c.Flag("tie_word_embeddings", true),
            finalNorm: Norm("model.final_norm", hidden));
    }

    private static IEnumerable<Tensor> Recurrent(LinearRecurrentUnit m)
    {
        long blockWidth = m.Width / m.GateBlocks;
        return
        [
            .. Linear("linear_y", m.HiddenSize, m.Width, TensorRole.State, MatrixKind.Other, bias: true),
            .. Linear("linear_x", m.HiddenSize, m.Width, TensorRole.State, MatrixKind.Other, bias: true),
            .. Convolution("conv_1d", m.Width, m.ConvolutionKernel, bias: true),
            Plain("rg_lru.input_gate_weight", TensorRole.State, m.GateBlocks, blockWidth, blockWidth),
            Plain("rg_lru.input_gate_bias", TensorRole.State, m.GateBlocks, blockWidth) with { IsLinearBias = true },
            Plain("rg_lru.recurrent_gate_weight", TensorRole.State, m.GateBlocks, blockWidth, blockWidth),
            Plain("rg_lru.recurrent_gate_bias", TensorRole.State, m.GateBlocks, blockWidth) with { IsLinearBias = true },
            Plain("rg_lru.recurrent_param", TensorRole.State, m.Width),
            .. Linear("linear_out", m.Width, m.HiddenSize, TensorRole.State, MatrixKind.Other, bias: true),
        ];
    }

    /// <summary>The layers that attend, in the pattern that repeats.</summary>
    private static ValueList<bool> Pattern(ConfigReader c)
    {
        const string field = "block_types";
        ValueList<string> words = c.Texts(field) ?? ["recurrent", "recurrent", "attention"];
        return words.Count > 0
            ? [.. words.Select((word, i) => word switch
            {
                "attention" => true,
                "recurrent" => false,
                _ => throw c.Invalid($"{field}[{i}]", $"must be \"attention\" or \"recurrent\"; it is {(ConfigValue)word}."),
            })]
            : throw c.Invalid(field, "must have at least one element.");
    }
}
