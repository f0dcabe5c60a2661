using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT-2: learned positions, layer norms, linear layers stored as [inputs, outputs]; the published files name tensors without
/// <c>transformer.</c> and hold a causal mask a layer.
/// Source: huggingface/transformers, src/transformers/models/gpt2/configuration_gpt2.py, commit 01ae98ae2414, and
/// modeling_gpt2.py, commit 0010f60284ab.
/// </summary>
internal static class Gpt2
{
    public static Architecture Build(ConfigReader c)
    {
        c = Named(c);
        long positions = c.Size("n_positions", 1024);
        Architecture decoder = Of(c, "gpt2", positions, prefix: "");
        return decoder with
        {
            Additions = [StoredBuffers.CausalMasks("h.{layer}.attn.bias", decoder.Blocks[0].Layers, positions)],
        };
    }

    /// <summary>The field names of GPT-2's line, each of which a config may give by its newer name.</summary>
    public static ConfigReader Named(ConfigReader c) => c.Alias("n_embd", "hidden_size").Alias("n_layer", "num_hidden_layers")
        .Alias("n_head", "num_attention_heads")
        .Alias("n_positions", "max_position_embeddings").Alias("max_position_embeddings", "n_positions");

    /// <summary>GPT-2's decoder, as its descendants vary it.</summary>
    /// <param name="c">The config, with the names of <see cref="Named"/>.</param>
    /// <param name="family">The family's <c>model_type</c>.</param>
    /// <param name="positions">Rows of the table of positions; null where there is none.</param>
    /// <param name="prefix">What stands before every name but the head's.</param>
    /// <param name="transposed">Whether linear layers are stored as [inputs, outputs].</param>
    /// <param name="multiQuery">Whether all query heads share one key and value head.</param>
    /// <param name="gated">Whether the feed-forward has a gate, <c>c_fc2</c>.</param>
    public static Architecture Of(ConfigReader c, string family, long? positions, string prefix = "transformer.",
        bool transposed = true, bool multiQuery = false, bool gated = false)
    {
        IEnumerable<Tensor> Layer(string name, long inputs, long outputs, TensorRole role, MatrixKind kind) => transposed
            ? Transposed(name, inputs, outputs, role, kind)
            : Linear(name, inputs, outputs, role, kind, bias: true);

        long hidden = c.Size("n_embd", 768), heads = c.Size("n_head", 12), inner = c.Size("n_inner", 4 * hidden);
        GroupedQueryAttention attention = c.GroupedQuery(hidden, heads, multiQuery ? 1 : heads, "n_head");
        long fused = attention.QuerySize + attention.KeySize + attention.ValueSize;
        bool cross = c.Flag("add_cross_attention", false);
        if (cross && multiQuery)
        {
            throw c.Invalid("add_cross_attention", "must be false where multi_query is true; it is true.");
        }

        var block = new BlockParts(
            cross ? [attention, attention.ToCross()] : [attention],
            [gated ? new GatedFeedForward(hidden, inner) : new DenseFeedForward(hidden, inner)],
            [
                .. Norm("ln_1", hidden, bias: true),
                .. Layer("attn.c_attn", hidden, fused, TensorRole.Attention, MatrixKind.QueryKeyValue),
                .. Layer("attn.c_proj", hidden, hidden, TensorRole.Attention, MatrixKind.AttentionOutput),
                .. cross ?
                [
                    .. Norm("ln_cross_attn", hidden, bias: true),
                    .. Layer("crossattention.q_attn", hidden, hidden, TensorRole.Attention, MatrixKind.Other),
                    .. Layer("crossattention.c_attn", hidden, 2 * hidden, TensorRole.Attention, MatrixKind.QueryKeyValue),
                    .. Layer("crossattention.c_proj", hidden, hidden, TensorRole.Attention, MatrixKind.AttentionOutput),
                ] : Enumerable.Empty<Tensor>(),
                .. Norm("ln_2", hidden, bias: true),
                .. Layer("mlp.c_fc", hidden, inner, TensorRole.FeedForward, MatrixKind.Up),
                .. gated ? Layer("mlp.c_fc2", hidden, inner, TensorRole.FeedForward, MatrixKind.Up) : [],
                .. Layer("mlp.c_proj", inner, hidden, TensorRole.FeedForward, MatrixKind.Down),
            ]);
        Architecture decoder = Decoder.Of(c, family, c.Size("vocab_size", 50257), hidden,
            Decoder.Same(c.Layers("n_layer", 12), block, prefix + "h.{layer}."),
            tied: c.Flag("tie_word_embeddings", true), prefix + "wte.weight", Norm(prefix + "ln_f", hidden, bias: true));
        return positions is { } rows ? decoder.WithPositions(prefix + "wpe.weight", rows) : decoder;
    }
}
