using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// gpt-oss: attention with a learned sink for each head, within a window at every other layer; experts with biases in every
/// layer, stacked and stored as [inputs, outputs]. The published checkpoints hold the experts' weights as MXFP4 blocks and
/// scales; these are the weights.
/// Source: huggingface/transformers, src/transformers/models/gpt_oss/configuration_gpt_oss.py, commit 02b8f42b4240, and
/// modular_gpt_oss.py, commit 0261a467116d.
/// </summary>
internal static class GptOss
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_local_experts", "num_experts").Alias("num_experts_per_tok", "experts_per_token");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2880, heads: 64, keyValueHeads: 8, headDim: 64);
        int layers = c.Layers("num_hidden_layers", 36);
        long hidden = attention.HiddenSize;
        bool bias = c.Flag("attention_bias", true);
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 128), active: 4, width: ("intermediate_size", 2880));
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(128), slides: layer => layer % 2 == 0);
        return Decoder.Of(c, "gpt_oss", c.Size("vocab_size", 201088), hidden,
            Decoder.ByKind(layers, layer => attentions[layer], kind => new BlockParts(kind, moe,
            [
                .. Norm("input_layernorm", hidden),
                .. kind.Separate("self_attn.", bias, bias),
                Plain("self_attn.sinks", TensorRole.Attention, kind.Heads),
                .. Norm("post_attention_layernorm", hidden),
                .. moe.BareRouter("mlp.router", bias: true),
                .. moe.StackedTransposed("mlp.experts.", bias: true),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
