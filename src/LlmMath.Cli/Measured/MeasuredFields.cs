using System.Globalization;
using System.Text.Json;
using LlmMath.Cli.Output;

namespace LlmMath.Cli.Measured;

/// <summary>The fields of one row, JSON's or a table's, told apart by name; what is wrong is an error that names row and
/// field.</summary>
internal sealed class MeasuredFields
{
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);

    /// <summary>Fields of a JSON object; those that hold objects are kept as <c>outer.inner</c>, lists are left out.</summary>
    public MeasuredFields(string row, JsonElement fields)
    {
        Row = row;
        Add("", fields, 0);
    }

    /// <summary>Cells of a table.</summary>
    public MeasuredFields(string row, IEnumerable<(string Name, string Text)> cells)
    {
        Row = row;
        foreach ((string name, string text) in cells)
        {
            _texts[name] = text.Length == 0 ? null : text;
        }
    }

    /// <summary>Where the row stands.</summary>
    public string Row { get; }

    /// <summary>Whether there is such a field, though it may be null.</summary>
    public bool Has(string name) => _texts.ContainsKey(name);

    /// <summary>A text; null where it is missing or empty.</summary>
    public string? Text(string name) => _texts.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    /// <summary>A text that is needed.</summary>
    /// <exception cref="CliException">It is missing.</exception>
    public string Required(string name) => Text(name) ?? throw Missing(name);

    /// <summary>A whole number of at least <paramref name="least"/>; null where it is missing.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public int? Integer(string name, int least) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= least ? number
        : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a whole number of {least:N0} or more"));

    /// <summary>A whole number of at least 1; null where it is missing.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public long? Large(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= 1 ? number
        : throw Wrong(name, "a whole number of 1 or more");

    /// <summary>A number above 0; null where it is missing.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public double? Positive(string name) => Text(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number is > 0 and < double.PositiveInfinity ? number
        : throw Wrong(name, "a number above 0");

    /// <summary>A number above 0 that is needed.</summary>
    /// <exception cref="CliException">It is missing or none.</exception>
    public double RequiredPositive(string name) => Positive(name) ?? throw Missing(name);

    /// <summary>The error of a field that is not there.</summary>
    public CliException Missing(string name) => new($"{Row}: {name} is missing.");

    /// <summary>The error of a field that is wrong.</summary>
    public CliException Wrong(string name, string right) =>
        new($"{Row}: {name} must be {right}; it is \"{Visible.Of(Cut(Text(name) ?? ""))}\".");

    private static string Cut(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private void Add(string before, JsonElement fields, int depth)
    {
        foreach (JsonProperty field in fields.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Object && depth == 0)
            {
                Add(field.Name + ".", field.Value, 1);
            }
            else if (field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                _texts[before + field.Name] = field.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => TextOf(field.Value),
                    _ => field.Value.GetRawText(),
                };
            }
        }
    }

    // A lone surrogate is no text.
    private string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new CliException($"{Row}: a text in it is no Unicode.", error);
        }
    }
}
