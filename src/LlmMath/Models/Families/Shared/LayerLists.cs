namespace LlmMath.Families;

/// <summary>Fields that say something of each layer: a list with one element a layer.</summary>
internal static class LayerLists
{
    /// <summary>Whether a layer's word is <paramref name="yes"/>, for each layer; null where the list is missing.</summary>
    public static ValueList<bool>? Words(this ConfigReader c, string field, int layers, string yes, string no) =>
        c.Texts(field) is { } words
            ? [.. c.PerLayer(field, words, layers).Select((word, layer) => word == yes || word == no
                ? word == yes
                : throw c.Invalid($"{field}[{layer}]", $"must be \"{yes}\" or \"{no}\"; it is {(ConfigValue)word}."))]
            : null;

    /// <summary>1 or 0, or true or false, for each layer; null where the list is missing.</summary>
    public static ValueList<bool>? Switches(this ConfigReader c, string field, int layers)
    {
        if (!c.Has(field))
        {
            return null;
        }

        ValueList<ConfigValue> list = c.Value(field)!.List ?? throw c.Invalid(field, $"must be a list; it is {c.Value(field)}.");
        return [.. c.PerLayer(field, list, layers).Select((item, layer) => item switch
        {
            { Flag: { } flag } => flag,
            { Integer: 0 or 1 } => item.Integer == 1,
            _ => throw c.Invalid($"{field}[{layer}]", $"must be 1 or 0, or true or false; it is {item}."),
        })];
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

    /// <summary>False at the first layers, true from a layer up.</summary>
    public static ValueList<bool> From(long first, int layers) =>
        [.. Enumerable.Range(0, layers).Select(layer => layer >= first)];
}
