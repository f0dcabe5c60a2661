using static LlmMath.Basics.NumberText;

namespace LlmMath.Interchange;

/// <summary>A GGUF header as a model: the keys of its architecture, and its tensors by kind (<c>attn_q.weight</c>), whatever the
/// layer.</summary>
internal sealed class GgufModel
{
    private const string ArchitectureKey = "general.architecture", PredictorsKey = "nextn_predict_layers";

    private readonly CheckpointHeader _header;
    private readonly Dictionary<string, StoredTensor> _outer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredTensor> _firstOfKind = new(StringComparer.Ordinal);
    private readonly HashSet<(string Kind, int Layer)> _inLayer = [];
    private readonly Dictionary<string, ValueList<long>?> _lists = new(StringComparer.Ordinal);

    /// <exception cref="DefinitionException">The header does not name its architecture, or gives no number of blocks.</exception>
    public GgufModel(CheckpointHeader header)
    {
        _header = header;
        Architecture = ArchitectureOf(header);
        Blocks = BlockCount("block_count");
        Predictors = Count(PredictorsKey, Whole(PredictorsKey) ?? 0, 0, Blocks - 1);
        foreach (StoredTensor tensor in header.Tensors)
        {
            if (GgufName.TryParse(tensor.Name, out GgufName name))
            {
                _firstOfKind.TryAdd(name.Kind, tensor);
                _inLayer.Add((name.Kind, name.Layer));
            }
            else
            {
                _outer.TryAdd(tensor.Name, tensor);
            }
        }
    }

    /// <summary>The name in <c>general.architecture</c>, which is also the prefix of its keys.</summary>
    public string Architecture { get; }

    /// <summary>Number of blocks, 1 to the number of tensors: decoder layers, then blocks for multi-token prediction.</summary>
    public int Blocks { get; }

    /// <summary>Blocks for multi-token prediction.</summary>
    public int Predictors { get; }

    /// <summary>Number of decoder layers, 1 or more.</summary>
    public int Layers => Blocks - Predictors;

    /// <summary>The name in a header's <c>general.architecture</c>.</summary>
    /// <exception cref="DefinitionException">The header does not name its architecture.</exception>
    public static string ArchitectureOf(CheckpointHeader header) => header.Metadata[ArchitectureKey] switch
    {
        { Text: { Length: > 0 } name } => name,
        null => throw new DefinitionException(
            DefinitionFault.MissingField, ArchitectureKey, "is missing: the name of an architecture is needed."),
        { } other => throw Invalid(ArchitectureKey, $"must be the name of an architecture; it is {other}."),
    };

    /// <summary>The full name of one of the architecture's keys.</summary>
    public string Key(string name) => $"{Architecture}.{name}";

    /// <summary>A key's value, or null.</summary>
    public ConfigValue? Value(string name) => _header.Metadata[Key(name)];

    /// <summary>A whole number that must be given.</summary>
    public long Required(string name) => Whole(name)
        ?? throw new DefinitionException(DefinitionFault.MissingField, Key(name), "is missing: a whole number is needed.");

    /// <summary>A whole number from 0 to 2³¹ − 1, or null where the key is missing. A list with an element for each layer gives
    /// the number that its layers share; those that have 0 do not count.</summary>
    public long? Whole(string name)
    {
        if (PerLayer(name) is not { } list)
        {
            return Value(name) is { } value ? Checked(name, value) : null;
        }

        long[] numbers = [.. list.Where(number => number != 0).Distinct()];
        return numbers.Length <= 1
            ? numbers.FirstOrDefault()
            : throw Invalid(
                Key(name), $"must be the same at every layer that has it; it is {N(numbers[0])} and {N(numbers[1])}.");
    }

    /// <summary>A number of blocks that must be given: 1 to the number of tensors. A block that has no tensor at all is rare, a
    /// file that has more of them than tensors no model's.</summary>
    public int BlockCount(string name) =>
        Count(name, Required(name), 1, Math.Min(Models.Families.ConfigReader.MaxLayers, _header.Tensors.Count));

    /// <summary>A list of whole numbers, or null where the key is missing or a single number. It is read once, however many
    /// layers ask.</summary>
    public ValueList<long>? PerLayer(string name)
    {
        if (!_lists.TryGetValue(name, out ValueList<long>? numbers))
        {
            numbers = Value(name) is { List: { } list } ? [.. list.Select(item => Checked(name, item))] : null;
            _lists.Add(name, numbers);
        }

        return numbers;
    }

    /// <summary>A list with 0 or 1 for each decoder layer, from truth values or numbers; null where the key is missing or a
    /// single value.</summary>
    public ValueList<bool>? Switches(string name)
    {
        if (Value(name) is not { List: { } list })
        {
            return null;
        }

        return list.Count >= Layers
            ? [.. list.Take(Layers).Select(item => item.Flag ?? Checked(name, item) != 0)]
            : throw Invalid(Key(name), $"must have one element for each of the {N(Layers)} layers; it has {N(list.Count)}.");
    }

    /// <summary>Whether there is a tensor of this kind, in any layer or outside them.</summary>
    public bool Has(string kind) => _firstOfKind.ContainsKey(kind) || _outer.ContainsKey(kind);

    /// <summary>Whether a layer has a tensor of this kind.</summary>
    public bool HasAt(string kind, int layer) => _inLayer.Contains((kind, layer));

    /// <summary>The decoder layers that have a tensor of this kind.</summary>
    public ValueList<int> LayersWith(string kind) => [.. Enumerable.Range(0, Layers).Where(layer => HasAt(kind, layer))];

    /// <summary>The rows of the first tensor of this kind (outputs of a linear layer, per expert where it stacks experts); null
    /// where there is none.</summary>
    public long? Rows(string kind) => Find(kind) is { Shape: { Count: >= 2 } shape } ? shape[shape.Count - 2] : null;

    /// <summary>The same, where the tensor must be there.</summary>
    public long RequiredRows(string kind) => Rows(kind)
        ?? throw new DefinitionException(DefinitionFault.MissingField, kind, "is missing: a matrix is needed.");

    /// <summary>An error at a field.</summary>
    public static DefinitionException Invalid(string field, string problem) => new(DefinitionFault.InvalidValue, field, problem);

    private StoredTensor? Find(string kind) => _outer.TryGetValue(kind, out StoredTensor? outer) ? outer
        : _firstOfKind.TryGetValue(kind, out StoredTensor? tensor) ? tensor
        : null;

    private int Count(string name, long count, int minimum, int maximum) => count >= minimum && count <= maximum
        ? (int)count
        : throw Invalid(Key(name), $"must be {N(minimum)} to {N(maximum)}; it is {N(count)}.");

    private long Checked(string name, ConfigValue value) => value.Integer is >= 0 and <= int.MaxValue
        ? value.Integer.Value
        : throw Invalid(Key(name), $"must be a whole number from 0 to {N(int.MaxValue)}; it is {value}.");
}
