using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Ouro, a looped model: a token passes the layers <c>total_ut_steps</c> times, and each pass caches keys and values of its own.
/// A block has norms before and after both parts, and a gate after each pass says whether to stop. Passes after the first stand
/// as further layers whose tensors are the first pass's.
/// Source: LoopedLMs/ouro_rl, ouro_rl/modeling/configuration_ouro.py and modeling_ouro.py, commit 3bad4c1891fa.
/// </summary>
internal static class Ouro
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention full = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        long hidden = full.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 22016));
        int layers = c.Layers("num_hidden_layers", 32);
        long? window = c.SwitchedWindow(4096);
        long first = window is null ? 0 : c.Count("max_window_layers", 28);
        ValueList<GroupedQueryAttention> attentions = full.ByLayer(c, layers, window, slides: layer => layer >= first);
        Architecture decoder = Decoder.Of(c, "ouro", c.Size("vocab_size", 151936), hidden,
            Passes.Blocks(c, ("total_ut_steps", c.Size("total_ut_steps", 4)), layers, layer => attentions[layer], a =>
                new BlockParts(a, feedForward,
            [
                .. Norm("input_layernorm", hidden),
                .. a.Separate("self_attn."),
                .. Norm("input_layernorm_2", hidden),
                .. Norm("post_attention_layernorm", hidden),
                .. feedForward.Tensors("mlp."),
                .. Norm("post_attention_layernorm_2", hidden),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
        return decoder with
        {
            Outputs =
            [
                .. decoder.Outputs,
                .. Linear("model.early_exit_gate", hidden, 1, TensorRole.Projection, MatrixKind.Other, bias: true),
            ],
        };
    }
}
