using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// CTRL: GPT-2's layers with projections of their own, sinusoidal positions, which have no parameters, and a bias on the tied
/// head.
/// Source: huggingface/transformers, src/transformers/models/ctrl/configuration_ctrl.py, commit 06053b84c14d, and
/// modeling_ctrl.py, commit 00b676f8f048.
/// </summary>
internal static class Ctrl
{
    public static Architecture Build(ConfigReader c)
    {
        c = Gpt2.Named(c);
        long hidden = c.Size("n_embd", 1280), heads = c.Size("n_head", 16);
        GroupedQueryAttention a = c.GroupedQuery(hidden, heads, heads, "n_head");
        var feedForward = new DenseFeedForward(hidden, c.Size("dff", 8192));
        return Decoder.Of(c, "ctrl", c.Size("vocab_size", 246534), hidden,
            Decoder.Same(c.Layers("n_layer", 48), new BlockParts(a, feedForward,
            [
                .. a.Separate("multi_head_attention.", true, true, q: "Wq", k: "Wk", v: "Wv", o: "dense"),
                .. feedForward.Tensors("ffn.", "0", "2", bias: true),
                .. Norm("layernorm1", hidden, bias: true),
                .. Norm("layernorm2", hidden, bias: true),
            ]), "transformer.h.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "transformer.w.weight", Norm("transformer.layernorm", hidden, bias: true),
            headBias: true);
    }
}
