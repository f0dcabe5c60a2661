using System.Globalization;

namespace LlmMath.Cli.TrainConfig;

/// <summary>A configuration file's values by their paths, in the file's order: <c>zero_optimization.stage</c> is <c>3</c>. Lists
/// of single values are one value; of lists of other things only the path is kept.</summary>
internal sealed class ConfigTree
{
    /// <summary>Bounds on what a file may hold: those of people hold some hundred keys, four deep.</summary>
    public const int MostBytes = 1 << 20, MostDepth = 32, MostValues = 10_000;

    private readonly Dictionary<string, ConfigValue> _values = new(StringComparer.Ordinal);

    /// <summary>A file without values yet.</summary>
    /// <param name="file">How errors call it.</param>
    public ConfigTree(string file) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Every path, in the file's order.</summary>
    public IReadOnlyCollection<string> Paths => _values.Keys;

    /// <summary>Names that stand at the top.</summary>
    public IReadOnlyList<string> Names => [.. _values.Keys.Select(Top).Distinct()];

    /// <summary>Whether there is a name at the top.</summary>
    public bool Has(string name) => _values.Keys.Any(path => Top(path) == name);

    /// <summary>The value of a path; null where there is none, or where it says nothing (<c>null</c>).</summary>
    public ConfigValue? Value(string path) => _values.TryGetValue(path, out ConfigValue? value) && !value.IsNull ? value : null;

    /// <summary>Adds a value.</summary>
    /// <exception cref="CliException">The path is there already, or there are too many values.</exception>
    public void Add(string path, ConfigValue value)
    {
        if (_values.Count >= MostValues)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture,
                $"{File}: it has more than {MostValues:#,0} values: no training configuration has."));
        }

        if (!_values.TryAdd(path, value))
        {
            throw new CliException($"{File}: {path}: it stands there twice.");
        }
    }

    private static string Top(string path) => path.Split('.', 2)[0];
}

/// <summary>A value of a configuration file.</summary>
/// <param name="Items">What it says: one word or number, or those of a list.</param>
/// <param name="IsList">Whether it is a list.</param>
internal sealed record ConfigValue(IReadOnlyList<string> Items, bool IsList = false)
{
    /// <summary>Nothing is said.</summary>
    public static ConfigValue Null { get; } = new([]);

    /// <summary>A list of other things than single values.</summary>
    public static ConfigValue Nested { get; } = new(["…"], true);

    /// <summary>Whether nothing is said.</summary>
    public bool IsNull => Items.Count == 0 && !IsList;

    /// <summary>Whether it switches something off: <c>false</c>, <c>none</c>, nothing.</summary>
    public bool IsOff => Items.Count == 0 || (!IsList && (Items[0].Length == 0
        || Items[0].ToLowerInvariant() is "false" or "no" or "off" or "null" or "none"));

    /// <summary>Whether the program that reads it is to choose.</summary>
    public bool IsAuto => !IsList && Items.Count == 1 && Items[0].Equals("auto", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it switches something on.</summary>
    public bool IsOn => !IsList && Items.Count == 1 && Items[0].ToLowerInvariant() is "true" or "yes" or "on" or "1";

    /// <summary>The value as one text, items with commas between.</summary>
    public string Text => string.Join(',', Items);
}
