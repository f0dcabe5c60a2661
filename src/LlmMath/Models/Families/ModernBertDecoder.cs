using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// ModernBERT's decoder: layer norms without biases, a window at two of three layers, and before the tied head a dense layer with
/// a norm. Source: huggingface/transformers, src/transformers/models/modernbert_decoder/configuration_modernbert_decoder.py,
/// commit 00d4b3d2142c, and modular_modernbert_decoder.py, commit 011ee196e47a.
/// </summary>
internal static class ModernBertDecoder
{
    private const string EmbeddingName = "model.embeddings.tok_embeddings.weight";

    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 768), vocabulary = c.Size("vocab_size", 50368);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 12);
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 1152));
        bool bias = c.Flag("attention_bias", false), feedForwardBias = c.Flag("mlp_bias", false);
        bool normBias = c.Flag("norm_bias", false), headBias = c.Flag("classifier_bias", false);
        int layers = c.Layers("num_hidden_layers", 22);
        long period = c.Size("global_attn_every_n_layers", 3);

        // The field gives the width of both sides; a decoder sees one.
        long? window = c.Count("local_attention", 128) is > 1 and var both ? both / 2 : null;
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, window, slides: layer => window is not null && (layer + 1) % period != 0);
        return new Architecture
        {
            Family = "modernbert-decoder",
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            ContextLength = c.SizeOrNull("max_position_embeddings"),
            Inputs = [Embedding(EmbeddingName, vocabulary, hidden), .. Norm("model.embeddings.norm", hidden, normBias)],
            Blocks = Decoder.ByKind(layers, layer => (Attention: attentions[layer], IsFirst: layer == 0), kind =>
                new BlockParts(kind.Attention, feedForward,
                [
                    .. kind.IsFirst ? [] : Norm("attn_norm", hidden, normBias),
                    .. kind.Attention.Separate("attn.", bias, bias, o: "Wo"),
                    .. Norm("mlp_norm", hidden, normBias),
                    .. feedForward.Fused("mlp.", "Wi", "Wo", feedForwardBias),
                ])),
            Outputs =
            [
                .. Norm("model.final_norm", hidden, normBias),
                .. Linear("lm_head.dense", hidden, hidden, TensorRole.Projection, MatrixKind.Other, headBias),
                .. Norm("lm_head.norm", hidden, normBias),
                .. Head("decoder", vocabulary, hidden, c.Flag("tie_word_embeddings", true) ? EmbeddingName : null,
                    c.Flag("decoder_bias", true)),
            ],
        };
    }
}
