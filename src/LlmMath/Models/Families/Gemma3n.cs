using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Gemma 3n: Gemma 3's block inside several residual streams (AltUp), with a low-rank path beside attention (LAuReL), an
/// embedding of its own for each layer, and last layers that read the keys and values of earlier ones; they store their unused
/// projections.
/// Source: huggingface/transformers, src/transformers/models/gemma3n/configuration_gemma3n.py, commit 018548097621, and
/// modular_gemma3n.py, commit 004edfe2dc0f.
/// </summary>
internal static class Gemma3n
{
    // Each has two projections of its own, so that a header of some kilobytes would make many thousands of tensors; real ones
    // have 4.
    private const int MostStreams = 1024;

    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 8, keyValueHeads: 2, headDim: 256);
        int layers = c.Layers("num_hidden_layers", 35), streams = c.Layers("altup_num_inputs", 4, MostStreams);
        long hidden = attention.HiddenSize, rank = c.Size("laurel_rank", 64);
        long perLayer = c.Size("hidden_size_per_layer_input", 256);
        long firstSharing = layers - c.Count("num_kv_shared_layers", 15);
        bool bias = c.Flag("attention_bias", false);
        ValueList<long> widths = c.Sizes("intermediate_size", layers, fallback: 16384);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(512), slides: layer => (layer + 1) % 5 != 0);
        bool Shares(int layer) => firstSharing > 0 && layer >= firstSharing;

        ValueList<Block> blocks = Decoder.ByKind(layers,
            layer => (Attention: attentions[layer] with { SharesKeyValueCache = Shares(layer) }, Width: widths[layer]),
            kind =>
            {
                var feedForward = new GatedFeedForward(hidden, kind.Width);
                return new BlockParts(kind.Attention, feedForward,
                [
                    .. AlternatingUpdates(hidden, streams),
                    .. LowRankPath(hidden, rank),
                    .. Gemma.NormedTwice(hidden,
                        [.. kind.Attention.Separate("self_attn.", bias, bias), .. kind.Attention.HeadNorms("self_attn.")],
                        feedForward.Tensors("mlp.")),
                    .. PerLayerInput(hidden, perLayer),
                ]);
            });
        Architecture decoder = Decoder.Of(c, "gemma3n_text", c.Size("vocab_size", 262400), hidden, blocks,
            tied: c.Flag("tie_word_embeddings", true));
        return decoder with
        {
            Inputs =
            [
                .. decoder.Inputs,
                .. PerLayerEmbedding(c, hidden, perLayer, layers),
                .. StreamProjections("model.altup_projections", hidden, streams),
            ],
            Outputs = [.. StreamProjections("model.altup_unembed_projections", hidden, streams), .. decoder.Outputs],
        };
    }

    /// <summary>One embedding row a token for all layers, and the projection that adds the token's own embedding to it.</summary>
    public static IEnumerable<Tensor> PerLayerEmbedding(ConfigReader c, long hidden, long perLayer, int layers) =>
    [
        Embedding("model.embed_tokens_per_layer.weight", c.Size("vocab_size_per_layer_input", 262144), layers * perLayer),
        .. Linear("model.per_layer_model_projection", hidden, layers * perLayer, TensorRole.Projection, MatrixKind.None),
        .. Norm("model.per_layer_projection_norm", perLayer),
    ];

    /// <summary>The gate through which a block takes its layer's embedding.</summary>
    public static IEnumerable<Tensor> PerLayerInput(long hidden, long perLayer) =>
    [
        .. Linear("per_layer_input_gate", hidden, perLayer, TensorRole.Projection, MatrixKind.Other),
        .. Linear("per_layer_projection", perLayer, hidden, TensorRole.Projection, MatrixKind.Other),
        .. Norm("post_per_layer_input_norm", hidden),
    ];

    // The streams' small matrices stay as they are, and so do those of the low-rank path: of no kind.
    private static IEnumerable<Tensor> AlternatingUpdates(long hidden, long streams) =>
    [
        .. Norm("altup.router_norm", hidden),
        .. Linear("altup.modality_router", hidden, streams, TensorRole.Projection, MatrixKind.None),
        .. Linear("altup.prediction_coefs", streams, streams * streams, TensorRole.Projection, MatrixKind.None),
        .. Linear("altup.correction_coefs", streams, streams, TensorRole.Projection, MatrixKind.None),
        Plain("altup.correct_output_scale", TensorRole.Norm, hidden),
    ];

    private static IEnumerable<Tensor> LowRankPath(long hidden, long rank) =>
    [
        .. Linear("laurel.linear_left", hidden, rank, TensorRole.Projection, MatrixKind.None),
        .. Linear("laurel.linear_right", rank, hidden, TensorRole.Projection, MatrixKind.None),
        .. Norm("laurel.post_laurel_norm", hidden),
    ];

    // The first stream is the embedding itself.
    private static IEnumerable<Tensor> StreamProjections(string name, long hidden, int streams) =>
        Enumerable.Range(0, streams - 1)
            .SelectMany(stream => Linear($"{name}.{stream}", hidden, hidden, TensorRole.Projection, MatrixKind.None));
}
