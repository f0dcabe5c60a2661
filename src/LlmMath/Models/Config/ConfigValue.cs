using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>What a <see cref="ConfigValue"/> holds.</summary>
public enum ConfigValueKind
{
    /// <summary>JSON's null: the field is there and says "none".</summary>
    Null,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>Any other number.</summary>
    Real,

    /// <summary>A string.</summary>
    Text,

    /// <summary>An array.</summary>
    List,

    /// <summary>An object.</summary>
    Section,
}

/// <summary>An immutable value of a config.json field, with value equality.</summary>
public sealed class ConfigValue : IEquatable<ConfigValue>
{
    private readonly object? _value;

    private ConfigValue(ConfigValueKind kind, object? value) => (Kind, _value) = (kind, value);

    /// <summary>JSON's null.</summary>
    public static ConfigValue Null { get; } = new(ConfigValueKind.Null, null);

    /// <summary>What the value is.</summary>
    public ConfigValueKind Kind { get; }

    /// <summary>The whole number, or null where the value is something else.</summary>
    public long? Integer => _value as long?;

    /// <summary>The number as a double, or null where the value is no number.</summary>
    public double? Real => Integer ?? _value as double?;

    /// <summary>The string, or null where the value is something else.</summary>
    public string? Text => _value as string;

    /// <summary>The truth value, or null where the value is something else.</summary>
    public bool? Flag => _value as bool?;

    /// <summary>The elements, or null where the value is no array.</summary>
    public ValueList<ConfigValue>? List => _value as ValueList<ConfigValue>;

    /// <summary>The object's fields, or null where the value is no object.</summary>
    public ModelConfig? Section => _value as ModelConfig;

    /// <summary>Makes an array.</summary>
    /// <param name="items">Its elements.</param>
    public static ConfigValue Array(params ConfigValue[] items) =>
        new(ConfigValueKind.List, new ValueList<ConfigValue>([.. items]));

    /// <summary>Makes an object.</summary>
    /// <param name="fields">Its fields, in order.</param>
    public static ConfigValue Object(params ConfigField[] fields) => new(ConfigValueKind.Section, new ModelConfig(fields));

    /// <summary>A whole number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator ConfigValue(long value) => new(ConfigValueKind.Integer, value);

    /// <summary>Any number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator ConfigValue(double value) => new(ConfigValueKind.Real, value);

    /// <summary>A string.</summary>
    /// <param name="value">The string.</param>
    public static implicit operator ConfigValue(string value) => new(ConfigValueKind.Text, value);

    /// <summary>A truth value.</summary>
    /// <param name="value">true or false.</param>
    public static implicit operator ConfigValue(bool value) => new(ConfigValueKind.Flag, value);

    /// <summary>Whether both are of one kind and hold the same, or both are null.</summary>
    public static bool operator ==(ConfigValue? left, ConfigValue? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ in kind or in what they hold, or one alone is null.</summary>
    public static bool operator !=(ConfigValue? left, ConfigValue? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(ConfigValue? other) => other is not null && Kind == other.Kind && Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfigValue);

    /// <inheritdoc/>
    public override int GetHashCode() => _value?.GetHashCode() ?? 0;

    /// <summary>The value in few characters, as an error message shows it.</summary>
    public override string ToString() => Kind switch
    {
        ConfigValueKind.Null => "null",
        ConfigValueKind.Flag => Flag == true ? "true" : "false",
        ConfigValueKind.Integer => Integer!.Value.ToString(CultureInfo.InvariantCulture),
        ConfigValueKind.Real => ((double)_value!).ToString("R", CultureInfo.InvariantCulture),
        ConfigValueKind.Text => Text!.Length > 40 ? $"\"{Text.Substring(0, 40)}…\"" : $"\"{Text}\"",
        ConfigValueKind.List => $"a list of {List!.Count.ToString(CultureInfo.InvariantCulture)}",
        _ => "an object",
    };
}

/// <summary>A named value of a config.json.</summary>
/// <param name="Name">The field's own name.</param>
/// <param name="Value">Its value.</param>
public sealed record ConfigField(string Name, ConfigValue Value);
