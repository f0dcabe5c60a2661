using System.ComponentModel;
using LlmMath.Architectures;
using LlmMath.Interchange;
using LlmMath.Models.Families;
using LlmMath.Models.Quantization;

namespace LlmMath;

/// <summary>A model: who it is, the fields of its config.json, and what others published about it. Immutable, with value
/// equality; its <see cref="Architecture"/> is described once, at first use.</summary>
public sealed class ModelDefinition : IEquatable<ModelDefinition>
{
    private readonly Func<(ModelConfig Config, ValueList<Evidence> Evidence)>? _make;
    private ModelConfig? _config;
    private ValueList<Evidence>? _evidence;
    private Description? _description;
    private ParameterCounts? _counts;
    private ValueList<string>? _notUnderstood;
    private WeightFormat? _checkpointFormat;
    private bool _knowsCheckpointFormat;

    /// <summary>Makes a definition; its config is read at first use.</summary>
    /// <param name="name">The entry's name: <c>opt-350m</c>.</param>
    /// <param name="id">Where it is published: <c>facebook/opt-350m</c>; the name where it is not.</param>
    /// <param name="config">The fields of its config.json.</param>
    /// <param name="evidence">What others published.</param>
    public ModelDefinition(string name, string id, ModelConfig config, params Evidence[] evidence) =>
        (Name, Id, _config, _evidence) = (name, id, config, new ValueList<Evidence>([.. evidence]));

    /// <summary>Makes a compiled definition, as generated code does: its totals were counted when it was compiled, and its fields
    /// are made when they are asked for.</summary>
    /// <param name="name">The entry's name: <c>opt-350m</c>.</param>
    /// <param name="id">Where it is published: <c>facebook/opt-350m</c>.</param>
    /// <param name="counts">The totals of its architecture.</param>
    /// <param name="make">Makes the fields of its config.json and what others published: one function, since a package
    /// holds one for each model.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ModelDefinition(string name, string id, ParameterCounts counts,
        Func<(ModelConfig Config, ValueList<Evidence> Evidence)> make) => (Name, Id, _counts, _make) = (name, id, counts, make);

    /// <summary>The entry's name, in lower case with hyphens: <c>opt-350m</c>.</summary>
    public string Name { get; }

    /// <summary>Where it is published: <c>facebook/opt-350m</c>.</summary>
    public string Id { get; }

    /// <summary>Other names by which the catalog finds it: <c>deepseek-ai/DeepSeek-V3-Base</c>, of the same shape.</summary>
    public ValueList<string> Aliases { get; init; } = [];

    /// <summary>When it was published: <c>2026-04-24</c>, or <c>2026-04</c> where the source gives no day; null where no source
    /// gives it.</summary>
    public string? ReleaseDate { get; init; }

    /// <summary>Where <see cref="ReleaseDate"/> was read; null where there is none.</summary>
    public string? ReleaseSource { get; init; }

    /// <summary>The fields of its config.json.</summary>
    public ModelConfig Config => _config ?? Made()._config!;

    /// <summary>Published counts with their sources.</summary>
    public ValueList<Evidence> Evidence => _evidence ?? Made()._evidence!;

    /// <summary>The model's structure.</summary>
    /// <exception cref="DefinitionException">The config is of an unknown family, or a field is missing or out of
    /// range.</exception>
    public Architecture Architecture => Described.Architecture;

    /// <summary>Fields that the config left out, with the values that the reference implementation gives them.</summary>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>.</exception>
    public ValueList<AssumedDefault> AssumedDefaults => Described.Assumed;

    /// <summary>Fields of the config that could change a tensor's shape and that the family does not read, as paths
    /// (<c>text_config.foo_size</c>): where there are any, the architecture may be another model's. Fields known to change none,
    /// and those that say null, are left out.</summary>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>.</exception>
    public ValueList<string> NotUnderstood => _notUnderstood ??=
    [
        .. Described.Read.Missed(Config),
        .. QuantizationConfig.NotUnderstood(Config, Architecture),
    ];

    /// <summary>How the model's checkpoint stores its weights, tensor by tensor, as its config says
    /// (<c>quantization_config</c>, or <c>dtype</c> where nothing is quantized); null where it does not say.</summary>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>, or the quantization is of a method whose layout is
    /// not known, a field of it is missing or out of range, or it names no module of the model.</exception>
    public WeightFormat? CheckpointFormat
    {
        get
        {
            if (!_knowsCheckpointFormat)
            {
                try
                {
                    (_checkpointFormat, _knowsCheckpointFormat) = (QuantizationConfig.FormatOf(Config, Architecture), true);
                }
                catch (DefinitionException error) when (error.File is null)
                {
                    throw error.In(Name);
                }
            }

            return _checkpointFormat;
        }
    }

    /// <summary>The model's totals.</summary>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ParameterCounts Counts => _counts ??= ParameterCounts.Of(Architecture);

    private Description Described => _description ??= Describe();

    /// <summary>Number of parameters of the text decoder. Allocates nothing after the first use.</summary>
    /// <param name="convention">What to count; what the checkpoint holds unless stated.</param>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>, or the count exceeds 2⁶³ − 1.</exception>
    public long ParameterCount(CountingConvention convention = CountingConvention.Checkpoint) =>
        convention == CountingConvention.HandEstimate ? Counts.HandEstimate : Counts.Checkpoint;

    /// <summary>Number of parameters that one token uses: all but the experts that its routers leave out.</summary>
    /// <param name="convention">What to count; what the checkpoint holds unless stated.</param>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>, or the count exceeds 2⁶³ − 1.</exception>
    public long ActiveParameterCount(CountingConvention convention = CountingConvention.Checkpoint) =>
        convention == CountingConvention.HandEstimate ? Counts.HandEstimateActive : Counts.CheckpointActive;

    /// <summary>The count by component, with its working.</summary>
    /// <param name="convention">What to count; what the checkpoint holds unless stated.</param>
    /// <exception cref="DefinitionException">As <see cref="Architecture"/>.</exception>
    public ParameterBreakdown Parameters(CountingConvention convention = CountingConvention.Checkpoint) =>
        new(Architecture, convention);

    /// <summary>The error of the first field that is not understood.</summary>
    /// <param name="under">The path under which the config stands in its file, with its dot; empty where it is the file.</param>
    internal DefinitionException NotUnderstoodError(string under = "") => new(DefinitionFault.NotUnderstood,
        under + NotUnderstood[0], $"is not read by the family {Architecture.Family}, and could change a tensor: "
            + "correct its name, or leave it out where it changes nothing.");

    /// <summary>Whether both have the same name, id, config and evidence, or both are null.</summary>
    public static bool operator ==(ModelDefinition? left, ModelDefinition? right) =>
        left is null ? right is null : left.Equals(right);

    /// <summary>Whether something of them differs, or one alone is null.</summary>
    public static bool operator !=(ModelDefinition? left, ModelDefinition? right) => !(left == right);

    /// <summary>Whether both have the same name, id, config and evidence.</summary>
    /// <param name="other">The other definition, or null.</param>
    public bool Equals(ModelDefinition? other) => ReferenceEquals(this, other) || (other is not null && Name == other.Name
        && Id == other.Id && Config.Equals(other.Config) && Evidence.Equals(other.Evidence));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelDefinition);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private ModelDefinition Made()
    {
        (_config, _evidence) = _make!();
        return this;
    }

    private Description Describe()
    {
        try
        {
            return ModelFamily.Describe(Config);
        }
        catch (DefinitionException error) when (error.File is null)
        {
            throw error.In(Name);
        }
    }
}
