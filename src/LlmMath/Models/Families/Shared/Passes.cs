using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>Layers that a token passes more than once, each time with a cache of its own. What is computed, read and cached is
/// that of as many layers as passes make; what is stored is that of the first pass, to which the others are tied.</summary>
internal static class Passes
{
    /// <summary>The blocks of all passes.</summary>
    /// <param name="c">The config.</param>
    /// <param name="passes">Number of passes, and the field that has it.</param>
    /// <param name="layers">Layers of one pass.</param>
    /// <param name="kindOf">The key of a layer's kind.</param>
    /// <param name="make">What a kind is made of.</param>
    /// <param name="prefix">What stands before the tensors' names, with <c>{layer}</c>.</param>
    public static ValueList<Block> Blocks<TKind>(ConfigReader c, (string Field, long Number) passes, int layers,
        Func<int, TKind> kindOf, Func<TKind, BlockParts> make, string prefix = Decoder.LayerPrefix)
        where TKind : notnull => passes.Number * layers <= ConfigReader.MaxLayers
            ? Decoder.ByKind((int)passes.Number * layers,
                layer => (Kind: kindOf(layer % layers), Stored: layer < layers ? -1 : layer % layers),
                kind => kind.Stored < 0 ? make(kind.Kind) : Again(make(kind.Kind), prefix, kind.Stored),
                prefix)
            : throw c.Invalid(passes.Field, string.Format(CultureInfo.InvariantCulture,
                "makes {0:N0} passes of {1:N0} layers; at most {2:N0} layers are counted.",
                passes.Number, layers, ConfigReader.MaxLayers));

    private static BlockParts Again(BlockParts parts, string prefix, int layer)
    {
        string stored = prefix.Replace("{layer}", layer.ToString(CultureInfo.InvariantCulture));
        return parts with { Tensors = parts.Tensors.Select(tensor => tensor with { TiedTo = stored + tensor.Name }) };
    }
}
