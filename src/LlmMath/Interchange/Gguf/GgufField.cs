namespace LlmMath.Interchange;

/// <summary>A field of config.json, and how a GGUF file gives it.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Value">Its value; null to leave the field out, so that the family's default holds.</param>
/// <param name="Key">The key it is read from, without the architecture's prefix; null where it comes from elsewhere.</param>
internal sealed record GgufField(string Name, Func<GgufModel, ConfigValue?> Value, string? Key = null)
{
    /// <summary>A whole number under a key; left out where the key is missing.</summary>
    public static GgufField Number(string name, string key) =>
        new(name, m => m.Whole(key) is { } number ? (ConfigValue)number : null, key);

    /// <summary>A whole number under a key, or the rows of a tensor of some kind where the key is missing or 0: older files lack
    /// some keys.</summary>
    public static GgufField Number(string name, string key, string rowsOf) =>
        new(name, m => m.Whole(key) is > 0 and var number ? number : m.Rows(rowsOf) is { } rows ? (ConfigValue)rows : null, key);

    /// <summary>The rows of a tensor of some kind.</summary>
    public static GgufField Rows(string name, string kind) => new(name, m => m.RequiredRows(kind));

    /// <summary>Whether there is a tensor of one of these kinds.</summary>
    public static GgufField Has(string name, params string[] kinds) => new(name, m => kinds.Any(m.Has));

    /// <summary>Whether there is no tensor of this kind.</summary>
    public static GgufField Lacks(string name, string kind) => new(name, m => !m.Has(kind));

    /// <summary>A value that files of the architecture do not spell out, as it is the same in all.</summary>
    public static GgufField Fixed(string name, ConfigValue value) => new(name, _ => value);

    /// <summary>No field of this name, though most families have one: other fields say it.</summary>
    public static GgufField Without(string name) => new(name, _ => null);

    /// <summary>A value made of several keys or tensors.</summary>
    public static GgufField From(string name, Func<GgufModel, ConfigValue?> value) => new(name, value);

    /// <summary>One of two words for each layer, by whether the layer has a tensor of some kind.</summary>
    public static GgufField LayerTypes(string name, string kind, string with, string without) => new(name, m =>
        ConfigValue.Array(
            [.. Enumerable.Range(0, m.Layers).Select(layer => (ConfigValue)(m.HasAt(kind, layer) ? with : without))]));

    /// <summary>A quotient of two keys, which must leave no remainder.</summary>
    public static GgufField Quotient(string name, string dividend, string divisor) =>
        new(name, m => Divide(m, dividend, divisor));

    /// <summary>The same as a number.</summary>
    public static long Divide(GgufModel m, string dividend, string divisor) =>
        (m.Required(dividend), m.Required(divisor)) is var (n, d) && d > 0 && n % d == 0
            ? n / d
            : throw GgufModel.Invalid(
                m.Key(divisor), $"must divide {m.Key(dividend)}, {(ConfigValue)n}, without remainder; it is {(ConfigValue)d}.");
}
