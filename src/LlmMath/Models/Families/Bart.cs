using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// BART and its kin: an encoder and a decoder that attends to it, with layer norms, biases and one embedding. They differ in
/// positions (learned, of which two rows are never read, or sinusoidal ones without parameters), in a norm of the embedding and
/// in one after each stack.
/// Source: huggingface/transformers, src/transformers/models: bart/configuration_bart.py, commit 0171fcd70ffe, and
/// modeling_bart.py, commit 00646d2acdba; mbart/configuration_mbart.py, commit 008f5c8c29be; pegasus/configuration_pegasus.py,
/// commit 00e12e7c5459; plbart/configuration_plbart.py, commit 1001bb00bfee; blenderbot/configuration_blenderbot.py, commit
/// 0171fcd70ffe, and modeling_blenderbot.py, commit 00b676f8f048; blenderbot_small/configuration_blenderbot_small.py, commit
/// 0077a6ee886d; marian/configuration_marian.py, commit 03a1b061a47f.
/// </summary>
internal static class Bart
{
    /// <summary>How a family differs from BART's larger model.</summary>
    /// <param name="Family">The family's <c>model_type</c>.</param>
    public sealed record Kind(string Family)
    {
        public long Vocabulary { get; init; } = 50265;

        public long Hidden { get; init; } = 1024;

        public long Inner { get; init; } = 4096;

        public long Heads { get; init; } = 16;

        public int EncoderLayers { get; init; } = 12;

        public int DecoderLayers { get; init; } = 12;

        public long Positions { get; init; } = 1024;

        /// <summary>Rows of the positions that no token reads; null where positions have no parameters.</summary>
        public long? UnreadPositions { get; init; } = 2;

        public bool NormsEmbedding { get; init; } = true;

        public bool NormsStacks { get; init; }
    }

    public static Architecture Build(ConfigReader c, Kind kind)
    {
        c = c.Alias("d_model", "hidden_size");
        long vocabulary = c.Size("vocab_size", kind.Vocabulary), hidden = c.Size("d_model", kind.Hidden);
        long positions = c.Size("max_position_embeddings", kind.Positions);
        if (!c.Flag("share_encoder_decoder_embeddings", true))
        {
            throw c.Invalid("share_encoder_decoder_embeddings", "must be true: two embeddings are not counted.");
        }

        GroupedQueryAttention reading = c.MultiHead(hidden, "encoder_attention_heads", kind.Heads);
        GroupedQueryAttention writing = c.MultiHead(hidden, "decoder_attention_heads", kind.Heads);
        BlockParts encoder = FairseqBlock.Of(reading, new DenseFeedForward(hidden, c.Size("encoder_ffn_dim", kind.Inner)));
        BlockParts decoder = FairseqBlock.Of(
            writing,
            new DenseFeedForward(hidden, c.Size("decoder_ffn_dim", kind.Inner)),
            cross: writing.ToCross());
        IEnumerable<Tensor> Norms(string name) =>
        [
            .. Norm("model.encoder." + name, hidden, bias: true),
            .. Norm("model.decoder." + name, hidden, bias: true),
        ];
        Architecture both = Decoder.Of(c, kind.Family, vocabulary, hidden,
            [
                .. Decoder.ByKind(c.Layers("encoder_layers", kind.EncoderLayers), _ => 0, _ => encoder,
                    "model.encoder.layers.{layer}.", encoder: true),
                .. Decoder.Same(c.Layers("decoder_layers", kind.DecoderLayers), decoder, "model.decoder.layers.{layer}."),
            ],
            tied: c.Flag("tie_word_embeddings", true), "model.shared.weight", kind.NormsStacks ? Norms("layer_norm") : []);
        if (kind.UnreadPositions is { } unread)
        {
            both = both.WithPositions("model.encoder.embed_positions.weight", positions + unread)
                .WithPositions("model.decoder.embed_positions.weight", positions + unread);
        }

        Tensor Copy(string name) => Embedding(name, vocabulary, hidden) with { TiedTo = "model.shared.weight" };
        return both with
        {
            Inputs = [.. both.Inputs, .. kind.NormsEmbedding ? Norms("layernorm_embedding") : []],
            Additions =
            [
                new(PartKind.Other, "embedding copies", [],
                    [Copy("model.encoder.embed_tokens.weight"), Copy("model.decoder.embed_tokens.weight")]),
            ],
        };
    }
}
