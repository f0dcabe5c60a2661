using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// OpenELM: heads and widths that grow from layer to layer. A layer is <c>ffn_multipliers</c> × <c>model_dim</c> wide, rounded to
/// a multiple of <c>ffn_dim_divisor</c>.
/// Source: ml-explore/mlx-lm, mlx_lm/models/openelm.py, commit d78bf58e217c.
/// </summary>
internal static class OpenElm
{
    /// <summary>What differs from layer to layer.</summary>
    private readonly record struct Layer(long Heads, long KeyValueHeads, long Width);

    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("max_position_embeddings", "max_context_length").Idle("num_gqa_groups");
        long hidden = c.Size("model_dim"), headDim = c.Size("head_dim");
        int layers = c.Layers("num_transformer_layers");
        bool gated = c.Flag("ffn_with_glu", true), norms = c.Flag("normalize_qk_projections", true);
        ValueList<Layer> kinds = Layers(c, layers, hidden);
        return Decoder.Of(c, "openelm", c.Size("vocab_size"), hidden,
            Decoder.ByKind(layers, layer => kinds[layer], kind =>
            {
                var attention = new GroupedQueryAttention
                {
                    HiddenSize = hidden,
                    Heads = kind.Heads,
                    KeyValueHeads = kind.KeyValueHeads,
                    HeadDim = headDim,
                };
                FeedForwardParts feedForward = FeedForwardOf(hidden, kind.Width, gated);
                return new BlockParts(attention, feedForward.Kind,
                [
                    .. Norm("attn_norm", hidden),
                    .. attention.Fused("attn.qkv_proj", "attn.out_proj"),
                    .. norms ? attention.HeadNorms("attn.") : [],
                    .. Norm("ffn_norm", hidden),
                    .. feedForward.Tensors,
                ]);
            }, "transformer.layers.{layer}."),
            tied: c.Flag("share_input_output_layers", true), "transformer.token_embeddings.weight",
            Norm("transformer.norm", hidden));
    }

    private static FeedForwardParts FeedForwardOf(long hidden, long width, bool gated)
    {
        if (!gated)
        {
            var dense = new DenseFeedForward(hidden, width);
            return new(dense, dense.Tensors("ffn.", "proj_1", "proj_2"));
        }

        var glu = new GatedFeedForward(hidden, width);
        return new(glu, glu.Fused("ffn.", "proj_1", "proj_2"));
    }

    private static ValueList<Layer> Layers(ConfigReader c, int layers, long hidden)
    {
        ValueList<long> heads = Needed(c, "num_query_heads", c.Counts("num_query_heads"), layers);
        ValueList<long> keyValueHeads = Needed(c, "num_kv_heads", c.Counts("num_kv_heads"), layers);
        ValueList<double> multipliers = Needed(c, "ffn_multipliers", c.Reals("ffn_multipliers"), layers);
        long divisor = c.Size("ffn_dim_divisor");
        return [.. Enumerable.Range(0, layers).Select(layer =>
        {
            c.Divide(heads[layer], keyValueHeads[layer], $"num_kv_heads[{layer}]");
            double width = multipliers[layer] * hidden;
            return width is > 0 and < int.MaxValue
                ? new Layer(heads[layer], keyValueHeads[layer], Rounded(width, divisor))
                : throw c.Invalid($"ffn_multipliers[{layer}]", $"must make a width above 0; it is {multipliers[layer]}.");
        })];
    }

    private static ValueList<T> Needed<T>(ConfigReader c, string field, ValueList<T>? list, int layers) =>
        c.PerLayer(field, list ?? throw c.Missing(field, "a list with one element a layer"), layers);

    /// <summary>The nearest multiple of the divisor, at least one; the next where the nearest loses a tenth or more.</summary>
    private static long Rounded(double width, long divisor)
    {
        long rounded = Math.Max(divisor, (long)(width + (divisor / 2.0)) / divisor * divisor);
        return rounded < 0.9 * width ? rounded + divisor : rounded;
    }
}
