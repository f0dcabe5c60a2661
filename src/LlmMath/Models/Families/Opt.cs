using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// OPT: learned positions with two rows of offset, layer norms, and in the 350m a narrower embedding with projections in and out.
/// Source: huggingface/transformers, src/transformers/models/opt/modeling_opt.py, commit 0184d2087e15, with the defaults of its
/// released configuration_opt.py.
/// </summary>
internal static class Opt
{
    public static Architecture Build(ConfigReader c)
    {
        long vocabulary = c.Size("vocab_size", 50272), hidden = c.Size("hidden_size", 768);
        long positions = c.Size("max_position_embeddings", 2048), width = c.Size("word_embed_proj_dim", hidden);
        bool bias = c.Flag("enable_bias", true), affine = c.Flag("layer_norm_elementwise_affine", true);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 12);
        var feedForward = new DenseFeedForward(hidden, c.Size("ffn_dim", 3072));

        // Post-norm models (350m) end without a norm; _remove_final_layer_norm serves checkpoints older than transformers 4.20.1.
        bool finalNorm = affine && c.Flag("do_layer_norm_before", true) && !c.Flag("_remove_final_layer_norm", false);
        const string embedding = "model.decoder.embed_tokens.weight";
        return new Architecture
        {
            Family = "opt",
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            ContextLength = positions,
            Inputs =
            [
                Embedding(embedding, vocabulary, width),
                Plain("model.decoder.embed_positions.weight", TensorRole.Position, positions + 2, hidden),
                .. width == hidden ? [] : Linear("model.decoder.project_in", width, hidden,
                    TensorRole.Projection, MatrixKind.Other),
            ],
            Blocks = Decoder.Same(c.Layers("num_hidden_layers", 12), FairseqBlock.Of(attention, feedForward, bias, affine),
                "model.decoder.layers.{layer}."),
            Outputs =
            [
                .. FairseqBlock.LayerNorm("model.decoder.final_layer_norm", hidden, finalNorm),
                .. width == hidden ? [] : Linear("model.decoder.project_out", hidden, width,
                    TensorRole.Projection, MatrixKind.Other),
                .. Head("lm_head", vocabulary, width, c.Flag("tie_word_embeddings", true) ? embedding : null),
            ],
        };
    }
}
