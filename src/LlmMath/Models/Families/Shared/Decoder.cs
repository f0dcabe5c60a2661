using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>Puts a decoder together from its blocks, with the embedding, final norm and head that most families share.</summary>
internal static class Decoder
{
    public const string LayerPrefix = "model.layers.{layer}.";

    /// <summary>One kind of block at every layer.</summary>
    public static ValueList<Block> Same(int layers, BlockParts parts, string prefix = LayerPrefix) =>
        ByKind(layers, _ => 0, _ => parts, prefix);

    /// <summary>Blocks by kind: layers whose key is equal share a block.</summary>
    /// <param name="layers">Number of layers.</param>
    /// <param name="kindOf">The key of a layer's kind.</param>
    /// <param name="make">What a kind is made of.</param>
    /// <param name="prefix">What stands before the tensors' names, with <c>{layer}</c>.</param>
    /// <param name="encoder">Whether the blocks are an encoder's.</param>
    public static ValueList<Block> ByKind<TKind>(int layers, Func<int, TKind> kindOf, Func<TKind, BlockParts> make,
        string prefix = LayerPrefix, bool encoder = false)
        where TKind : notnull
    {
        var placed = new PlacedTensors(prefix);
        return
        [
            .. Enumerable.Range(0, layers)
                .GroupBy(kindOf)
                .Select(kind => ToBlock(make(kind.Key), [.. kind], placed, encoder)),
        ];
    }

    /// <summary>The decoder that most families are: embedding, blocks, final norm, head.</summary>
    /// <param name="config">The config, for the context length.</param>
    /// <param name="family">The family's <c>model_type</c>.</param>
    /// <param name="vocabulary">Rows of the embedding.</param>
    /// <param name="hidden">Width of the residual stream.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="tied">Whether the head shares the embedding's storage.</param>
    /// <param name="embedding">The embedding's name.</param>
    /// <param name="finalNorm">The final norm's tensors; RMS norm <c>model.norm</c> where null.</param>
    /// <param name="head">The head's name, without <c>.weight</c>.</param>
    /// <param name="headBias">Whether the head has a bias.</param>
    public static Architecture Of(ConfigReader config, string family, long vocabulary, long hidden, ValueList<Block> blocks,
        bool tied, string embedding = "model.embed_tokens.weight", IEnumerable<Tensor>? finalNorm = null, string head = "lm_head",
        bool headBias = false) => new()
        {
            Family = family,
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            ContextLength = config.SizeOrNull("max_position_embeddings"),
            Inputs = [Embedding(embedding, vocabulary, hidden)],
            Blocks = blocks,
            Outputs =
            [
                .. finalNorm ?? Norm("model.norm", hidden),
                .. Head(head, vocabulary, hidden, tied ? embedding : null, headBias),
            ],
        };

    /// <summary>The decoder with a learned embedding of positions after the tokens'.</summary>
    public static Architecture WithPositions(this Architecture decoder, string name, long rows) => decoder with
    {
        Inputs = [.. decoder.Inputs, Plain(name, TensorRole.Position, rows, decoder.HiddenSize)],
    };

    private static Block ToBlock(BlockParts parts, ValueList<int> layers, PlacedTensors placed, bool encoder) => new()
    {
        Layers = layers,
        Mixers = [.. parts.Mixers],
        FeedForwards = [.. parts.FeedForwards],
        Tensors = [.. parts.Tensors.Select(placed.Of)],
        IsEncoder = encoder,
        Streams = parts.Streams,
    };
}
