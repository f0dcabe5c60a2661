using LlmMath.Interchange;

namespace LlmMath.Models.Families;

/// <summary>Fields that say something of each layer. Where they answer yes or no, the answer is a function of the layer's number,
/// null where the field is missing, so that rules join on with <c>??</c>.</summary>
internal static class LayerLists
{
    /// <summary>Whether a layer's word is <paramref name="yes"/>, or its synonym, in a list with a word for each layer.</summary>
    public static Func<int, bool>? Words(this ConfigReader c, string field, int layers, string yes, string no,
        string? yesToo = null, string? noToo = null)
    {
        if (c.Texts(field) is not { } words)
        {
            return null;
        }

        ValueList<bool> answers = [.. c.PerLayer(field, words, layers).Select((word, layer) =>
            word == yes || word == yesToo ? true
            : word == no || word == noToo ? false
            : throw c.Invalid($"{field}[{layer}]", $"must be \"{yes}\" or \"{no}\"; it is {(ConfigValue)word}."))];
        return layer => answers[layer];
    }

    /// <summary>Whether a layer's switch is on in a list with 1 or 0, or true or false, for each layer.</summary>
    public static Func<int, bool>? Switches(this ConfigReader c, string field, int layers)
    {
        if (!c.Has(field))
        {
            return null;
        }

        ValueList<ConfigValue> list = c.Value(field)!.List ?? throw c.Invalid(field, $"must be a list; it is {c.Value(field)}.");
        ValueList<bool> switches = [.. c.PerLayer(field, list, layers).Select((item, layer) => item switch
        {
            { Flag: { } flag } => flag,
            { Integer: 0 or 1 } => item.Integer == 1,
            _ => throw c.Invalid($"{field}[{layer}]", $"must be 1 or 0, or true or false; it is {item}."),
        })];
        return layer => switches[layer];
    }

    /// <summary>Whether a list of layer numbers has the layer.</summary>
    public static Func<int, bool>? Listed(this ConfigReader c, string field)
    {
        if (c.Counts(field) is not { } listed)
        {
            return null;
        }

        var layers = new HashSet<long>(listed);
        return layer => layers.Contains(layer);
    }

    /// <summary>Which layers have rotary positions: in <c>no_rope_layers</c>, against its name, those with 1; without it, all but
    /// the last of every <c>no_rope_layer_interval</c>.</summary>
    public static Func<int, bool> RotaryLayers(this ConfigReader c, int layers)
    {
        const string field = "no_rope_layers";
        if (c.Counts(field) is { } given)
        {
            ValueList<long> rotary = c.PerLayer(field, given, layers);
            return layer => rotary[layer] != 0;
        }

        long interval = c.Size("no_rope_layer_interval", 4);
        return layer => (layer + 1) % interval != 0;
    }

    /// <summary>A size for each layer: a list of them, or one for all; missing, it takes the reference's default.</summary>
    /// <param name="c">The config.</param>
    /// <param name="field">The field.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="fallback">The default, for all layers.</param>
    /// <param name="minimum">The smallest size that is right: 1, or 0 for a part that may be missing.</param>
    public static ValueList<long> Sizes(this ConfigReader c, string field, int layers, long fallback, int minimum = 1)
    {
        if (c.Value(field) is { List: not null } && c.Counts(field) is { } list)
        {
            return [.. c.PerLayer(field, list, layers).Select((size, layer) => size >= minimum
                ? size
                : throw c.Invalid($"{field}[{layer}]", $"must be {minimum} or more; it is {size}."))];
        }

        return [.. Enumerable.Repeat(minimum == 0 ? c.Count(field, fallback) : c.Size(field, fallback), layers)];
    }
}
