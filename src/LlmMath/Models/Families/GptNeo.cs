using LlmMath.Architectures;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// GPT-Neo: learned positions, layer norms, global attention and attention over a window of the last tokens in turn; the global
/// layers' causal masks are in the published files.
/// Source: huggingface/transformers, src/transformers/models/gpt_neo/configuration_gpt_neo.py, commit 04c7fd35d5fe (a fork's),
/// and modeling_gpt_neo.py, commit 002fb3e7a2db.
/// </summary>
internal static class GptNeo
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_heads", "num_attention_heads").Alias("num_layers", "num_hidden_layers");
        long hidden = c.Size("hidden_size", 2048), positions = c.Size("max_position_embeddings", 2048);
        GroupedQueryAttention global = c.MultiHead(hidden, "num_heads", 16), windowed = global.Within(c.Size("window_size", 256));
        ValueList<bool> local = LocalLayers(c, c.Layers("num_layers", 24));
        var feedForward = new DenseFeedForward(hidden, c.Size("intermediate_size", 4 * hidden));
        ValueList<Block> blocks = Decoder.ByKind(local.Count, layer => local[layer], isLocal =>
        {
            GroupedQueryAttention attention = isLocal ? windowed : global;
            return new BlockParts(attention, feedForward,
            [
                .. Norm("ln_1", hidden, bias: true),
                .. attention.Separate("attn.attention.", qkvBias: false, outputBias: true, o: "out_proj"),
                .. Norm("ln_2", hidden, bias: true),
                .. feedForward.Tensors("mlp.", "c_fc", "c_proj", bias: true),
            ]);
        }, "transformer.h.{layer}.");
        const string mask = "transformer.h.{layer}.attn.attention.bias";
        Architecture decoder = Decoder.Of(c, "gpt_neo", c.Size("vocab_size", 50257), hidden, blocks,
            tied: c.Flag("tie_word_embeddings", true), "transformer.wte.weight", Norm("transformer.ln_f", hidden, bias: true));
        return decoder.WithPositions("transformer.wpe.weight", positions) with
        {
            Additions =
            [
                .. blocks.Where(block => block.Mixers[0] is not SlidingWindowAttention)
                    .Select(block => StoredBuffers.CausalMasks(mask, block.Layers, positions)),
            ],
        };
    }

    /// <summary>Whether each layer is local: from <c>attention_layers</c>, a kind a layer, or from <c>attention_types</c>,
    /// patterns with their repetitions; global and local in turn where neither is given.</summary>
    private static ValueList<bool> LocalLayers(ConfigReader c, int layers)
    {
        if (c.Texts("attention_layers") is { } kinds)
        {
            return [.. c.PerLayer("attention_layers", kinds, layers).Select(kind => IsLocal(c, "attention_layers", kind))];
        }

        return c.Has("attention_types") ? Expand(c, layers) : [.. Enumerable.Range(0, layers).Select(layer => layer % 2 == 1)];
    }

    // [[["global", "local"], 12]]: the pattern twelve times over.
    private static ValueList<bool> Expand(ConfigReader c, int layers)
    {
        const string field = "attention_types";
        var local = new List<bool>();
        foreach (ConfigValue item in c.Value(field)?.List ?? throw NotPatterns(c))
        {
            if (item.List is not { Count: 2 } pair
                || pair[0].List is not { Count: > 0 } pattern || pair[1].Integer is not { } times)
            {
                throw NotPatterns(c);
            }

            for (long i = 0; i < times && local.Count <= layers; i++)
            {
                local.AddRange(pattern.Select(kind => IsLocal(c, field, kind.Text ?? throw NotPatterns(c))));
            }
        }

        return local.Count == layers
            ? [.. local]
            : throw c.Invalid(field, $"must make one kind for each of the {layers} layers.");
    }

    private static bool IsLocal(ConfigReader c, string field, string kind) => kind switch
    {
        "local" => true,
        "global" => false,
        _ => throw c.Invalid(field, $"must hold \"global\" and \"local\"; it holds {(ConfigValue)kind}."),
    };

    private static DefinitionException NotPatterns(ConfigReader c) =>
        c.Invalid("attention_types", "must be a list of patterns with their repetitions, as [[[\"global\", \"local\"], 12]].");
}
