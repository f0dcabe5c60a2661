using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// DiffLlama: Llama with differential attention, whose two maps are weighed by four vectors of a head's size.
/// Source: huggingface/transformers, src/transformers/models/diffllama/configuration_diffllama.py, commit 040e1a7e4bb4, and
/// modular_diffllama.py, commit 01ae98ae2414.
/// </summary>
internal static class DiffLlama
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention sizes = c.Attention(hiddenSize: 2048, heads: 32);
        var a = new DifferentialAttention
        {
            HiddenSize = sizes.HiddenSize,
            Heads = sizes.Heads,
            KeyValueHeads = sizes.KeyValueHeads,
            HeadDim = sizes.HeadDim,
        };
        var feedForward = new GatedFeedForward(a.HiddenSize, c.Size("intermediate_size", 8192));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "diffllama", c.Size("vocab_size", 32000), a.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 16), new BlockParts(a, feedForward,
            [
                .. Norm("input_layernorm", a.HiddenSize),
                .. a.Separate("self_attn.", bias, bias),
                Plain("self_attn.lambda_q1", TensorRole.Attention, a.HeadDim),
                Plain("self_attn.lambda_k1", TensorRole.Attention, a.HeadDim),
                Plain("self_attn.lambda_q2", TensorRole.Attention, a.HeadDim),
                Plain("self_attn.lambda_k2", TensorRole.Attention, a.HeadDim),
                .. Norm("post_attention_layernorm", a.HiddenSize),
                .. feedForward.Tensors("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
