using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// InternLM 2: Llama's shape under names of its own, with queries, keys and values in one projection. InternLM 3: Llama's names,
/// with a flag for the biases of queries, keys and values and one for the others.
/// Source: remote code; internlm2 as copied in OpenGVLab/InternVL,
/// internvl_chat/internvl/model/internlm2/configuration_internlm2.py, commit 0c158c32db16, and modeling_internlm2.py, commit
/// 0c8993dcb824; internlm3 as copied in NVIDIA/TensorRT-LLM, tensorrt_llm/_torch/auto_deploy/models/custom/modeling_internlm3.py,
/// commit 22de8b34df71.
/// </summary>
internal static class InternLm
{
    public static Architecture Build2(ConfigReader c)
    {
        GroupedQueryAttention attention = c.AttentionSharingWidth(hiddenSize: 4096, heads: 32);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("bias", true);
        return Decoder.Of(c, "internlm2", c.Size("vocab_size", 103168), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("attention_norm", hidden),
                .. attention.Fused("attention.wqkv", "attention.wo", bias, bias),
                .. Norm("ffn_norm", hidden),
                .. feedForward.Tensors("feed_forward.", gate: "w1", up: "w3", down: "w2"),
            ])),
            tied: c.Flag("tie_word_embeddings", false), "model.tok_embeddings.weight", head: "output");
    }

    public static Architecture Build3(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("bias", false);
        return Decoder.Of(c, "internlm3", c.Size("vocab_size", 128512), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), LlamaBlock.Of(attention, feedForward,
                qkvBias: c.Flag("qkv_bias", false), outputBias: bias, feedForwardBias: bias)),
            tied: c.Has("tie_word_embeddings")
                ? c.Flag("tie_word_embeddings", false)
                : throw c.Missing("tie_word_embeddings", "true or false, as implementations differ in its default,"));
    }
}
