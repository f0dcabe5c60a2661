using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT-J and CodeGen: attention and feed-forward side by side under one layer norm, rotary positions, a head with a bias. CodeGen
/// keeps queries, keys and values in one matrix; old GPT-J files hold causal masks.
/// Source: huggingface/transformers, src/transformers/models/gptj/configuration_gptj.py, commit 0bedd3309fc9, and
/// modeling_gptj.py, commit 00b676f8f048; codegen/configuration_codegen.py, commit 0300cc141797, and modeling_codegen.py, commit
/// 00491ceeee1a.
/// </summary>
internal static class Gptj
{
    public static Architecture Build(ConfigReader c, string family)
    {
        c = Gpt2.Named(c);
        bool fused = family == "codegen";
        long hidden = c.Size("n_embd", 4096);
        GroupedQueryAttention attention = c.MultiHead(hidden, "n_head", 16);
        var feedForward = new DenseFeedForward(hidden, c.Size("n_inner", 4 * hidden));
        Architecture decoder = Decoder.Of(c, family, c.Size("vocab_size", 50400), hidden,
            Decoder.Same(c.Layers("n_layer", 28), new BlockParts(attention, feedForward,
            [
                .. Norm("ln_1", hidden, bias: true),
                .. fused ? attention.Fused("attn.qkv_proj", "attn.out_proj") : attention.Separate("attn.", o: "out_proj"),
                .. feedForward.Tensors("mlp.", "fc_in", "fc_out", bias: true),
            ]), "transformer.h.{layer}."),
            tied: c.Flag("tie_word_embeddings", false), "transformer.wte.weight",
            Norm("transformer.ln_f", hidden, bias: true), headBias: true);
        if (fused)
        {
            return decoder;
        }

        long positions = c.Size("n_positions", 2048);
        return decoder with
        {
            Additions = [StoredBuffers.CausalMasks("transformer.h.{layer}.attn.bias", decoder.Blocks[0].Layers, positions)],
        };
    }
}
