namespace LlmMath.Interchange;

/// <summary>The fields of a config.json, in order, immutable, with value equality.</summary>
public sealed class ModelConfig : IEquatable<ModelConfig>
{
    // Beyond this a field is looked up, not searched for: a section may have a field for each layer.
    private const int MostSearched = 32;

    private readonly ValueList<ConfigField> _fields;
    private Dictionary<string, ConfigValue>? _byName;

    /// <summary>Makes a config of fields.</summary>
    /// <param name="fields">The fields; each name once.</param>
    public ModelConfig(params ConfigField[] fields) => _fields = new ValueList<ConfigField>([.. fields]);

    /// <summary>The fields, in order.</summary>
    public ValueList<ConfigField> Fields => _fields;

    /// <summary>A field's value, or null where the config does not have the field.</summary>
    /// <param name="name">The field's name, as config.json spells it.</param>
    public ConfigValue? this[string name]
    {
        get
        {
            if (_fields.Count > MostSearched)
            {
                return (_byName ??= ByName()).TryGetValue(name, out ConfigValue? value) ? value : null;
            }

            foreach (ConfigField field in _fields)
            {
                if (field.Name == name)
                {
                    return field.Value;
                }
            }

            return null;
        }
    }

    /// <summary>Whether both have equal fields in the same order, or both are null.</summary>
    public static bool operator ==(ModelConfig? left, ModelConfig? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether a field differs, or one alone is null.</summary>
    public static bool operator !=(ModelConfig? left, ModelConfig? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(ModelConfig? other) => other is not null && _fields.Equals(other._fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelConfig);

    /// <inheritdoc/>
    public override int GetHashCode() => _fields.GetHashCode();

    /// <summary>How many fields there are.</summary>
    public override string ToString() => $"{_fields.Count} fields";

    // Of a name that stands twice the first holds, as in the search.
    private Dictionary<string, ConfigValue> ByName()
    {
        var byName = new Dictionary<string, ConfigValue>(_fields.Count, StringComparer.Ordinal);
        foreach (ConfigField field in _fields)
        {
            if (!byName.ContainsKey(field.Name))
            {
                byName.Add(field.Name, field.Value);
            }
        }

        return byName;
    }
}
