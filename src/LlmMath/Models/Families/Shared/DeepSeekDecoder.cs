using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The decoder that DeepSeek made common: Llama's order of norms, any attention, experts in most layers, and after the
/// decoder blocks for multi-token prediction. Source: deepseek-ai/DeepSeek-V3, README_WEIGHTS.md, commit 0b39205aed0d.</summary>
internal static class DeepSeekDecoder
{
    /// <summary>A decoder with one kind of attention.</summary>
    /// <param name="c">The config.</param>
    /// <param name="family">The family's <c>model_type</c>.</param>
    /// <param name="vocabulary">Rows of the embedding.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="attention">The attention of every layer, unless <paramref name="attentionOf"/> says otherwise.</param>
    /// <param name="tensors">Its tensors, under <c>self_attn.</c></param>
    /// <param name="feedForward">The feed-forward layers.</param>
    /// <param name="attentionOf">The attention of a layer; null where all are alike.</param>
    public static Architecture Of<TAttention>(ConfigReader c, string family, long vocabulary, int layers, TAttention attention,
        Func<TAttention, IEnumerable<Tensor>> tensors, DeepSeekFeedForward feedForward, Func<int, TAttention>? attentionOf = null)
        where TAttention : SequenceMixer =>
        Decoder.Of(c, family, vocabulary, feedForward.Dense.HiddenSize,
            Decoder.ByKind(layers, i => (Attention: attentionOf?.Invoke(i) ?? attention, Sparse: feedForward.IsSparse(i)), kind =>
            {
                FeedForwardParts layer = feedForward.Layer(kind.Sparse);
                return new BlockParts(kind.Attention, layer.Kind,
                    Block(feedForward.Dense.HiddenSize, tensors(kind.Attention), layer.Tensors));
            }),
            tied: c.Flag("tie_word_embeddings", false));

    /// <summary>The decoder with its blocks for multi-token prediction: each a layer with experts, between a projection of the
    /// last hidden state beside the next token's embedding and a norm of its own.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="c">The config, for <c>num_nextn_predict_layers</c>.</param>
    /// <param name="blocks">The reference's default for their number.</param>
    /// <param name="attention">Their attention's tensors.</param>
    /// <param name="feedForward">The feed-forward layers.</param>
    /// <param name="copies">Whether checkpoints store the embedding and the head in each of them again.</param>
    public static Architecture Predicting(this Architecture decoder, ConfigReader c, long blocks, IEnumerable<Tensor> attention,
        DeepSeekFeedForward feedForward, bool copies = true)
    {
        (long vocabulary, long hidden) = (decoder.VocabularySize, decoder.HiddenSize);
        Tensor embedding = decoder.Inputs[0], head = decoder.Outputs[decoder.Outputs.Count - 1];
        Tensor[] stored = copies
            ?
            [
                Embedding("embed_tokens.weight", vocabulary, hidden) with { TiedTo = embedding.Name },
                .. Head("shared_head.head", vocabulary, hidden, tiedTo: head.TiedTo ?? head.Name),
            ]
            : [];
        return decoder with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", blocks, decoder.LayerCount, Decoder.LayerPrefix,
            [
                .. MultiTokenPrediction.Joined(hidden),
                .. Block(hidden, attention, feedForward.Layer(sparse: true).Tensors),
                .. Norm("shared_head.norm", hidden),
                .. stored,
            ]),
        };
    }

    private static IEnumerable<Tensor> Block(long hidden, IEnumerable<Tensor> attention, IEnumerable<Tensor> feedForward) =>
    [
        .. Norm("input_layernorm", hidden),
        .. attention,
        .. Norm("post_attention_layernorm", hidden),
        .. feedForward,
    ];
}
