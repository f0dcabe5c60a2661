using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT, the first: GPT-2's layers with the norms after each part and none at the end.
/// Source: huggingface/transformers, src/transformers/models/openai/configuration_openai.py, commit 020a37d2264e, and
/// modeling_openai.py beside it.
/// </summary>
internal static class OpenAiGpt
{
    public static Architecture Build(ConfigReader c)
    {
        c = Gpt2.Named(c);
        long hidden = c.Size("n_embd", 768), heads = c.Size("n_head", 12), inner = 4 * hidden;
        long positions = c.Size("n_positions", 512);
        GroupedQueryAttention a = c.GroupedQuery(hidden, heads, heads, "n_head");
        Architecture decoder = Decoder.Of(c, "openai-gpt", c.Size("vocab_size", 40478), hidden,
            Decoder.Same(c.Layers("n_layer", 12), new BlockParts(a, new DenseFeedForward(hidden, inner),
            [
                .. Transposed("attn.c_attn", hidden, 3 * hidden, TensorRole.Attention, MatrixKind.QueryKeyValue),
                .. Transposed("attn.c_proj", hidden, hidden, TensorRole.Attention, MatrixKind.AttentionOutput),
                .. Norm("ln_1", hidden, bias: true),
                .. Transposed("mlp.c_fc", hidden, inner, TensorRole.FeedForward, MatrixKind.Up),
                .. Transposed("mlp.c_proj", inner, hidden, TensorRole.FeedForward, MatrixKind.Down),
                .. Norm("ln_2", hidden, bias: true),
            ]), "transformer.h.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), "transformer.tokens_embed.weight", finalNorm: [])
            .WithPositions("transformer.positions_embed.weight", positions);
        return decoder with
        {
            Additions = [StoredBuffers.CausalMasks("transformer.h.{layer}.attn.bias", decoder.Blocks[0].Layers, positions)],
        };
    }
}
