using System.Globalization;
using LlmMath.Basics;
using LlmMath.Interchange;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Models.Families;

/// <summary>
/// Reads a config's fields for a family: a field that is missing takes the default that the family passes (its reference
/// implementation's), and the default is noted; a wrong type or size is an error that names the field.
/// </summary>
internal sealed class ConfigReader
{
    /// <summary>Layers beyond this are refused: no model has them, and a list of them would take memory.</summary>
    internal const int MaxLayers = 65_536;

    private readonly ModelConfig _config;
    private readonly string _path;
    private readonly Dictionary<string, string> _aliases;
    private readonly List<AssumedDefault> _assumed;
    private readonly ReadFields _read;

    public ConfigReader(ModelConfig config, string path = "")
        : this(config, path, new(StringComparer.Ordinal), [], new())
    {
    }

    private ConfigReader(ModelConfig config, string path, Dictionary<string, string> aliases, List<AssumedDefault> assumed,
        ReadFields read) =>
        (_config, _path, _aliases, _assumed, _read) = (config, path, aliases, assumed, read);

    /// <summary>Fields that were missing, with the defaults they took.</summary>
    public IReadOnlyList<AssumedDefault> Assumed => _assumed;

    /// <summary>Fields that were asked for, here and in every reader made of this one.</summary>
    public ReadFields Read => _read;

    /// <summary>The same config, in which a field may also go by another name: the older name, or the family's own.</summary>
    public ConfigReader Alias(string field, string alternative)
    {
        var aliases = new Dictionary<string, string>(_aliases, StringComparer.Ordinal) { [field] = alternative };
        return new(_config, _path, aliases, _assumed, _read);
    }

    /// <summary>The same config with a field set, whether it had the field or not.</summary>
    public ConfigReader With(string field, ConfigValue value) =>
        new(new([.. _config.Fields.Where(f => f.Name != field), new(field, value)]), _path, _aliases, _assumed, _read);

    /// <summary>The same config, in which a field that is missing has a default other than the family's own. It is
    /// noted.</summary>
    public ConfigReader Default(string field, ConfigValue value)
    {
        if (Value(field) is not null)
        {
            return this;
        }

        _assumed.Add(new(_path + field, value));
        return With(field, value);
    }

    /// <summary>The object in a field, or null where it is missing or null.</summary>
    public ConfigReader? Section(string field) => Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } => null,
        { Section: { } section } => Open(section, _path + field),
        { } other => throw Wrong(field, "an object", other),
    };

    /// <summary>The object in a field; null where it is missing or something else.</summary>
    public ConfigReader? SectionIfObject(string field) => Value(field)?.Section is null ? null : Section(field);

    /// <summary>Fields that nobody asked for, here and in the objects that were looked into.</summary>
    public IEnumerable<string> Missed() => _read.Missed(_config, _path);

    /// <summary>The names of all fields, in the config's order.</summary>
    public IEnumerable<string> Names => _config.Fields.Select(f => f.Name);

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => Value(field) is { Kind: not ConfigValueKind.Null };

    /// <summary>Whether the field is there and says null.</summary>
    public bool IsNull(string field) => Value(field) is { Kind: ConfigValueKind.Null };

    /// <summary>A size that must be given: 1 to 2³¹ − 1.</summary>
    public long Size(string field) => SizeOrNull(field) ?? throw Missing(field, "a whole number from 1 to 2,147,483,647");

    /// <summary>A size, 1 to 2³¹ − 1; missing or null it takes the reference's default.</summary>
    public long Size(string field, long fallback) => SizeOrNull(field) ?? Assume(field, fallback);

    /// <summary>A size, 1 to 2³¹ − 1, with a default or, where that is null, one that must be given.</summary>
    public long Size(string field, long? fallback) => fallback is { } number ? Size(field, number) : Size(field);

    /// <summary>A size, 1 to 2³¹ − 1, or null where it is missing or null.</summary>
    public long? SizeOrNull(string field) => Whole(field, 1);

    /// <summary>A size, 1 to 2³¹ − 1; missing it takes the reference's default, and null means that there is none.</summary>
    public long? SizeOrNull(string field, long? fallback) =>
        fallback is { } number && !IsNull(field) ? Size(field, number) : SizeOrNull(field);

    /// <summary>A count that may be zero: 0 to 2³¹ − 1; missing or null it takes the reference's default.</summary>
    public long Count(string field, long fallback) => Whole(field, 0) ?? Assume(field, fallback);

    /// <summary>A number of layers that must be given: 1 to 65,536.</summary>
    public int Layers(string field) => ToLayers(field, Size(field), MaxLayers);

    /// <summary>A number of layers, 1 to 65,536 or to <paramref name="most"/>; missing or null it takes the reference's
    /// default.</summary>
    public int Layers(string field, int fallback, int most = MaxLayers) => ToLayers(field, Size(field, fallback), most);

    /// <summary>A number; missing or null it takes the default, which is not noted.</summary>
    public double Real(string field, double fallback) => Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } => fallback,
        { Real: { } number } => number,
        { } other => throw Wrong(field, "a number", other),
    };

    /// <summary>A truth value; missing or null it takes the reference's default.</summary>
    public bool Flag(string field, bool fallback)
    {
        switch (Value(field))
        {
            case null or { Kind: ConfigValueKind.Null }:
                _assumed.Add(new(_path + field, fallback));
                return fallback;
            case { Flag: { } flag }:
                return flag;
            case { } other:
                throw Wrong(field, "true or false", other);
        }
    }

    /// <summary>A string, or null where it is missing or null.</summary>
    public string? Text(string field) => Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } => null,
        { Text: { } text } => text,
        { } other => throw Wrong(field, "a string", other),
    };

    /// <summary>A string; missing or null it takes the reference's default.</summary>
    public string Text(string field, string fallback)
    {
        if (Text(field) is { } text)
        {
            return text;
        }

        _assumed.Add(new(_path + field, fallback));
        return fallback;
    }

    /// <summary>A list of strings, or null where it is missing or null.</summary>
    public ValueList<string>? Texts(string field) => List(field) is { } list
        ? [.. list.Select((item, i) => item.Text ?? throw Wrong(Index(field, i), "a string", item))]
        : null;

    /// <summary>A list of whole numbers of 0 or more, or null where it is missing or null.</summary>
    public ValueList<long>? Counts(string field) => List(field) is { } list
        ? [.. list.Select((item, i) => ToWhole(Index(field, i), item, 0))]
        : null;

    /// <summary>A list of numbers, or null where it is missing or null.</summary>
    public ValueList<double>? Reals(string field) => List(field) is { } list
        ? [.. list.Select((item, i) => item.Real ?? throw Wrong(Index(field, i), "a number", item))]
        : null;

    /// <summary>A list of objects, or null where it is missing or null.</summary>
    public ValueList<ConfigReader>? Sections(string field) => List(field) is { } list
        ? [.. list.Select((item, i) => item.Section is { } section
            ? Open(section, _path + Index(field, i))
            : throw Wrong(Index(field, i), "an object", item))]
        : null;

    /// <summary>A list with one element a layer; an error where it has another length.</summary>
    public ValueList<T> PerLayer<T>(string field, ValueList<T> list, int layers) => list.Count == layers
        ? list
        : throw Invalid(field, $"must have one element for each of the {N(layers)} layers; it has {N(list.Count)}.");

    /// <summary>The value of a field by its name or its alias, as it stands; null where it is missing.</summary>
    public ConfigValue? Value(string field)
    {
        _read.Add(_path + field);
        string? alternative = Alternative(field);
        return _config[field] ?? (alternative is null ? null : _config[alternative]);
    }

    /// <summary>Notes fields that the family knows and that change no tensor of this config: they count where another field says
    /// so, or never.</summary>
    public ConfigReader Idle(params string[] fields)
    {
        foreach (string field in fields)
        {
            _read.Add(_path + field);
            Alternative(field);
        }

        return this;
    }

    /// <summary>A field's path from the top of the file.</summary>
    public string Path(string field) => _path + field;

    /// <summary>The error of a field that must be given: what is needed, and the field that may be meant for it.</summary>
    public DefinitionException Missing(string field, string needed)
    {
        string names = _aliases.TryGetValue(field, out string? alternative) ? $" (or {alternative})" : "";
        string? near = _config.Fields.Select(f => f.Name)
            .FirstOrDefault(name => !_read.Has(_path + name) && EditDistance.Between(name, field) <= 2);
        return new(DefinitionFault.MissingField, _path + field,
            $"is missing{names}: {needed} is needed." + (near is null ? "" : $" Is \"{near}\" meant for it?"));
    }

    /// <summary>An error at a field, in the reader's words.</summary>
    public DefinitionException Invalid(string field, string problem) => new(DefinitionFault.InvalidValue, _path + field, problem);

    /// <summary>A division that must leave no remainder.</summary>
    public long Divide(long dividend, long divisor, string field) => divisor != 0 && dividend % divisor == 0
        ? dividend / divisor
        : throw Invalid(field, $"must divide {N(dividend)} without remainder; it is {N(divisor)}.");

    /// <summary>Notes a field whose value the family takes for granted. Another value is not understood, and stays so.</summary>
    public ConfigReader Fixed(string field, params ConfigValue[] values) =>
        _config[field] is not { } value || values.Contains(value) ? Idle(field) : this;

    // Whoever knows a field knows its other name.
    private string? Alternative(string field)
    {
        if (_aliases.TryGetValue(field, out string? alternative))
        {
            _read.Add(_path + alternative);
        }

        return alternative;
    }

    private ConfigReader Open(ModelConfig section, string path)
    {
        _read.Open(path);
        return new(section, path + ".", new(StringComparer.Ordinal), _assumed, _read);
    }

    private ValueList<ConfigValue>? List(string field) => Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } => null,
        { List: { } list } => list,
        { } other => throw Wrong(field, "a list", other),
    };

    private long? Whole(string field, long minimum) => Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } => null,
        { } value => ToWhole(field, value, minimum),
    };

    private long ToWhole(string field, ConfigValue value, long minimum)
    {
        // Some writers give whole numbers as 4096.0.
        bool isWhole = value.Real is { } real && Math.Abs(real) <= int.MaxValue && Math.Floor(real) == real;
        long? number = value.Integer ?? (isWhole ? (long)value.Real!.Value : null);
        return number >= minimum && number <= int.MaxValue
            ? number.Value
            : throw Wrong(field, $"a whole number from {N(minimum)} to 2,147,483,647", value);
    }

    private int ToLayers(string field, long layers, int most) => layers <= most
        ? (int)layers
        : throw Invalid(field, $"must be at most {N(most)}; it is {N(layers)}.");

    private long Assume(string field, long fallback)
    {
        _assumed.Add(new(_path + field, fallback));
        return fallback;
    }

    private DefinitionException Wrong(string field, string right, ConfigValue value) =>
        Invalid(field, $"must be {right}; it is {value}.");

    private static string Index(string field, int i) => $"{field}[{i.ToString(CultureInfo.InvariantCulture)}]";
}
