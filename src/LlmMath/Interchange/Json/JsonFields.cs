using System.Globalization;

namespace LlmMath.Interchange.Json;

/// <summary>Reads the fields of a catalog file strictly: each field is asked for by name, and what nobody asked for is an
/// error.</summary>
internal sealed class JsonFields(ModelConfig fields, string path = "")
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string? Text(string name) => Take(name) switch
    {
        null => null,
        { Text: { Length: > 0 } text } => text,
        { } other => throw Wrong(name, "a string that is not empty", other),
    };

    public string RequiredText(string name) => Text(name) ?? throw Missing(name, "a string");

    /// <summary>A whole number of at least <paramref name="minimum"/>, or null where the field is missing.</summary>
    public long? Integer(string name, long minimum) => Take(name) switch
    {
        null => null,
        { Integer: { } number } when number >= minimum => number,
        { } other => throw Wrong(name,
            string.Format(CultureInfo.InvariantCulture, "a whole number of {0:N0} or more", minimum), other),
    };

    public long RequiredInteger(string name, long minimum) => Integer(name, minimum) ?? throw Missing(name, "a whole number");

    /// <summary>A number above zero in a unit, or null where the field is missing.</summary>
    public double? Positive(string name, double unit = 1) => Take(name) switch
    {
        null => null,
        { Real: { } number } value when number is > 0 and < double.PositiveInfinity =>
            double.IsInfinity(number * unit) ? throw TooLarge(name, double.MaxValue / unit, value) : number * unit,
        { } other => throw Wrong(name, "a number above 0", other),
    };

    /// <summary>A number of zero or more, or null where the field is missing.</summary>
    public double? NotNegative(string name) => Take(name) switch
    {
        null => null,
        { Real: { } number } when number is >= 0 and < double.PositiveInfinity => number,
        { } other => throw Wrong(name, "a number of 0 or more", other),
    };

    public bool? Flag(string name) => Take(name) switch
    {
        null => null,
        { Flag: { } flag } => flag,
        { } other => throw Wrong(name, "true or false", other),
    };

    public ModelConfig? Section(string name) => Take(name) switch
    {
        null => null,
        { Section: { } section } => section,
        { } other => throw Wrong(name, "an object", other),
    };

    /// <summary>An object's fields to read in turn, or null where the field is missing.</summary>
    public JsonFields? Fields(string name) => Section(name) is { } section ? new(section, path + name + ".") : null;

    /// <summary>A list of objects; empty where the field is missing.</summary>
    public IEnumerable<JsonFields> List(string name)
    {
        ConfigValue? value = Take(name);
        if (value is null)
        {
            yield break;
        }

        ValueList<ConfigValue> list = value.List ?? throw Wrong(name, "a list of objects", value);
        for (int i = 0; i < list.Count; i++)
        {
            string at = At(name, i);
            yield return list[i].Section is { } section
                ? new JsonFields(section, path + at + ".")
                : throw Wrong(at, "an object", list[i]);
        }
    }

    /// <summary>A list of strings; empty where the field is missing.</summary>
    public ValueList<string> Texts(string name)
    {
        ConfigValue? value = Take(name);
        ValueList<ConfigValue> list = value is null ? [] : value.List ?? throw Wrong(name, "a list of strings", value);
        return [.. list.Select((item, i) => item.Text ?? throw Wrong(At(name, i), "a string", item))];
    }

    /// <summary>A list of names, none empty or there twice; empty where the field is missing.</summary>
    public ValueList<string> Names(string name)
    {
        ValueList<string> names = Texts(name);
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i].Trim().Length == 0 || names.Take(i).Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                throw Wrong(At(name, i), "a name that is not empty and stands there once", names[i]);
            }
        }

        return names;
    }

    /// <summary>Fails on the first field that nobody asked for, with the known ones.</summary>
    public void RejectOthers()
    {
        foreach (ConfigField field in fields.Fields)
        {
            if (!_known.Contains(field.Name))
            {
                throw new DefinitionException(DefinitionFault.UnknownField, path + field.Name,
                    $"is not a field here. Known: {string.Join(", ", _known.OrderBy(n => n, StringComparer.Ordinal))}.");
            }
        }
    }

    public DefinitionException Missing(string name, string right) =>
        new(DefinitionFault.MissingField, path + name, $"is missing: {right} is needed.");

    public DefinitionException Wrong(string name, string right, ConfigValue value) =>
        new(DefinitionFault.InvalidValue, path + name, $"must be {right}; it is {value}.");

    private DefinitionException TooLarge(string name, double most, ConfigValue value) =>
        new(DefinitionFault.TooLarge, path + name,
        string.Format(CultureInfo.InvariantCulture, "is too large: at most {0:0e0} is right; it is {1}.", most, value));

    private static string At(string name, int index) => $"{name}[{index.ToString(CultureInfo.InvariantCulture)}]";

    private ConfigValue? Take(string name)
    {
        _known.Add(name);
        return fields[name];
    }
}
