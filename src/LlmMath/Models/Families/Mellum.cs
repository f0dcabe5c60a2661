using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Mellum 2: Qwen 3's mixture of experts with windows where <c>layer_types</c> lists them, and dense layers where
/// <c>mlp_layer_types</c> does.
/// Source: huggingface/transformers, src/transformers/models/mellum/modular_mellum.py, commit 049b5a3af2b7;
/// ml-explore/mlx-lm, mlx_lm/models/mellum.py, commit d78bf58e217c, for the names of the experts.
/// </summary>
internal static class Mellum
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_experts", "num_local_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2304, heads: 32, keyValueHeads: 4, headDim: 128);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 28);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, layers, c.Window(1024), slides: _ => false);
        Func<int, bool> isSparse = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") ?? (_ => true);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 7168));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", 64), active: 8, width: ("moe_intermediate_size", 896));
        FeedForwardParts sparse = new(moe, [.. moe.Router("mlp.gate"), .. moe.PerExpert("mlp.experts.{expert}.")]);
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "mellum", c.Size("vocab_size", 98304), hidden,
            Decoder.ByKind(layers, layer => (attention: attentions[layer], sparse: isSparse(layer)), kind => kind.sparse
                ? LlamaBlock.Of(kind.attention, sparse.Kind, sparse.Tensors, qkvBias: bias, outputBias: bias, headNorms: true)
                : LlamaBlock.Of(kind.attention, dense, qkvBias: bias, outputBias: bias, headNorms: true)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
