using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Cohere (Command R, Aya): attention and feed-forward side by side behind one norm without bias, a tied head. Command R+ norms
/// each query and key head with weights of its own; Cohere 2 attends within a window at all but every fourth layer.
/// Source: huggingface/transformers, src/transformers/models/cohere/configuration_cohere.py, commit 008e57439125, and
/// modular_cohere.py, commit 03ea97ae17f4; cohere2/modular_cohere2.py, commit 008e57439125.
/// </summary>
internal static class Cohere
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 8192, heads: 64);
        IEnumerable<Tensor> norms = c.Flag("use_qk_norm", false)
            ?
            [
                Plain("self_attn.q_norm.weight", TensorRole.Norm, attention.Heads, attention.HeadDim),
                Plain("self_attn.k_norm.weight", TensorRole.Norm, attention.KeyValueHeads, attention.HeadDim),
            ]
            : [];
        return Of(c, "cohere", attention, c.Layers("num_hidden_layers", 40), _ => attention, norms);
    }

    public static Architecture BuildCohere2(ConfigReader c)
    {
        GroupedQueryAttention attention = c.AttentionSharingWidth(hiddenSize: 8192, heads: 64);
        int layers = c.Layers("num_hidden_layers", 40);
        long fullEvery = c.Alias("sliding_window_pattern", "_sliding_window_pattern").Size("sliding_window_pattern", 4);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(4096), slides: layer => (layer + 1) % fullEvery != 0);
        return Of(c, "cohere2", attention, layers, layer => attentions[layer], []);
    }

    private static Architecture Of(ConfigReader c, string family, GroupedQueryAttention sizes, int layers,
        Func<int, GroupedQueryAttention> attentionAt, IEnumerable<Tensor> headNorms)
    {
        var feedForward = new GatedFeedForward(sizes.HiddenSize, c.Size("intermediate_size", 22528));
        bool bias = c.Flag("attention_bias", false);

        // Command R's max_position_embeddings is 8,192 in its hub config, beside a model_max_length of 131,072 that engines go
        // by.
        c = c.SizeOrNull("model_max_length") is { } longest ? c.With("max_position_embeddings", longest) : c;
        return Decoder.Of(c, family, c.Size("vocab_size", 256000), sizes.HiddenSize,
            Decoder.ByKind(layers, attentionAt, attention => new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", sizes.HiddenSize),
                .. attention.Separate("self_attn.", bias, bias),
                .. headNorms,
                .. feedForward.Tensors("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", true));
    }
}
