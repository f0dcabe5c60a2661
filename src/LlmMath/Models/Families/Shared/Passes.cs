using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Layers that a token passes more than once, each time with a cache of its own. What is computed, read and cached is
/// that of as many layers as passes make; what is stored is that of the first pass, to which the others are tied.</summary>
internal static class Passes
{
    /// <summary>The blocks of all passes.</summary>
    /// <param name="c">The config.</param>
    /// <param name="field">The field with the number of passes.</param>
    /// <param name="fallback">The reference's default for it.</param>
    /// <param name="layers">Layers of one pass.</param>
    /// <param name="kindOf">The key of a layer's kind.</param>
    /// <param name="make">What a kind is made of.</param>
    public static ValueList<Block> Blocks<TKind>(ConfigReader c, string field, long fallback, int layers,
        Func<int, TKind> kindOf, Func<TKind, BlockParts> make)
        where TKind : notnull
    {
        long passes = c.Size(field, fallback);
        return passes * layers <= ConfigReader.MaxLayers
            ? Blocks((int)passes, layers, kindOf, make)
            : throw c.Invalid(field, $"times {layers} layers must be at most {ConfigReader.MaxLayers}; it is {passes}.");
    }

    /// <summary>The same for a known number of passes.</summary>
    private static ValueList<Block> Blocks<TKind>(int passes, int layers, Func<int, TKind> kindOf, Func<TKind, BlockParts> make)
        where TKind : notnull => Decoder.ByKind(passes * layers,
            layer => (Kind: kindOf(layer % layers), Stored: layer < layers ? -1 : layer % layers),
            kind => kind.Stored < 0 ? make(kind.Kind) : Again(make(kind.Kind), kind.Stored));

    private static BlockParts Again(BlockParts parts, int layer)
    {
        string prefix = Decoder.LayerPrefix.Replace("{layer}", layer.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return parts with { Tensors = parts.Tensors.Select(tensor => tensor with { TiedTo = prefix + tensor.Name }) };
    }
}
