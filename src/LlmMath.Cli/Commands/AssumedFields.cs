using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Interchange;

namespace LlmMath.Cli.Commands;

/// <summary>Fields that a config leaves out and its family's reference implementation fills in: a count that rests on them is
/// that of the default model, perhaps not of the one that was meant.</summary>
internal static class AssumedFields
{
    // A warning where assumed fields make one part in so many of the count, 1 %, or more.
    private const long NoticedShare = 100;

    // Each try describes the model anew, which is dear where thousands of layers differ: then all are named, none tried.
    private const int MostKindsTried = 1024;

    /// <summary>All of them, as <c>"assumed":[{"field","value"}]</c>.</summary>
    public static void Write(Utf8JsonWriter writer, ModelDefinition? model) =>
        writer.Objects("assumed", model?.AssumedDefaults ?? [], assumed =>
        {
            writer.WriteString("field", assumed.Field);
            Write(writer, assumed.Value);
        });

    /// <summary>Those that change the count noticeably, in one line; null where there are none, or MODEL is no config.</summary>
    public static string? Line(ModelArgument argument)
    {
        if (!argument.IsConfig || argument.Definition is not { } model)
        {
            return null;
        }

        bool areTried = model.Architecture.Blocks.Count <= MostKindsTried;
        string[] fields = [.. model.AssumedDefaults
            .Where(assumed => !IsOfListElement(assumed) && (!areTried || ChangesCount(model, assumed)))
            .Select(assumed => $"{assumed.Field} {assumed.Value}")];
        return fields.Length == 0 ? null
            : $"taken from the family's defaults{(areTried ? "" : ", whether they matter or not")}: " + string.Join(", ", fields);
    }

    // It decides a part of one layer, of which each may leave out its own.
    private static bool IsOfListElement(AssumedDefault assumed) => assumed.Field.Contains('[', StringComparison.Ordinal);

    // Tried: the same config with another value there. Biases that a switch adds are less than is noticed: configs leave such
    // switches out by habit.
    private static bool ChangesCount(ModelDefinition model, AssumedDefault assumed)
    {
        ConfigValue? other = assumed.Value switch
        {
            { Integer: { } number } => (ConfigValue)(number + Math.Max(number, 1)),
            { Flag: { } flag } => !flag,
            _ => null,
        };
        if (other is null)
        {
            return false;
        }

        try
        {
            var changed = new ModelDefinition(model.Name, model.Id, With(model.Config, assumed.Field.Split('.'), other));
            long count = model.ParameterCount();
            return Math.Abs(changed.ParameterCount() - count) >= count / NoticedShare;
        }
        catch (DefinitionException)
        {
            // What does not go with the other fields matters to them.
            return true;
        }
    }

    private static ModelConfig With(ModelConfig config, ReadOnlySpan<string> path, ConfigValue value)
    {
        string name = path[0];
        ConfigValue set = path.Length == 1 ? value
            : ConfigValue.Object([.. With(config[name]?.Section ?? new(), path[1..], value).Fields]);
        return new([.. config.Fields.Where(field => field.Name != name), new(name, set)]);
    }

    private static void Write(Utf8JsonWriter writer, ConfigValue value)
    {
        writer.WritePropertyName("value");
        if (value.Integer is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else if (value.Real is { } real)
        {
            writer.WriteNumberValue(real);
        }
        else if (value.Flag is { } flag)
        {
            writer.WriteBooleanValue(flag);
        }
        else if (value.Kind == ConfigValueKind.Null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(value.Text ?? value.ToString());
        }
    }
}
