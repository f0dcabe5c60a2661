using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>From a GGUF header to a definition: the config.json that its keys and tensors imply.</summary>
internal static class GgufDefinition
{
    public static ModelDefinition Of(CheckpointHeader header, string name)
    {
        GgufField[] fields = [];
        try
        {
            CheckComplete(header);
            GgufArchitecture architecture = GgufArchitectures.Find(GgufModel.ArchitectureOf(header));
            var model = new GgufModel(header);
            fields = [.. GgufArchitecture.Shared.Concat(architecture.Fields)];
            var definition = new ModelDefinition(
                name, header.Metadata["general.name"]?.Text ?? name, Config(model, architecture.ModelType(model), fields));
            _ = definition.Architecture;
            return definition;
        }
        catch (DefinitionException error)
        {
            throw At(error, fields, header).In(name);
        }
    }

    // Where two rows name one field, the architecture's own, which comes later, holds.
    private static ModelConfig Config(GgufModel model, string modelType, GgufField[] fields)
    {
        var config = new List<ConfigField> { new("model_type", modelType) };
        foreach (GgufField field in fields.GroupBy(f => f.Name, StringComparer.Ordinal).Select(rows => rows.Last()))
        {
            if (field.Value(model) is { } value)
            {
                config.Add(new ConfigField(field.Name, value));
            }
        }

        return new ModelConfig([.. config]);
    }

    private static void CheckComplete(CheckpointHeader header)
    {
        if (header.Metadata["split.count"]?.Integer is > 1 and var files
            && header.Metadata["split.tensors.count"]?.Integer is { } tensors && header.Tensors.Count < tensors)
        {
            throw new DefinitionException(DefinitionFault.MissingField, "split.count", string.Format(CultureInfo.InvariantCulture,
                "says that this is one of {0:N0} files; the header holds {1:N0} of {2:N0} tensors. All of them are needed.",
                files, header.Tensors.Count, tensors));
        }

        if (header.Tensors.Count == 0)
        {
            throw new DefinitionException(
                DefinitionFault.MissingField, "tensor_count", "is 0: a file with a vocabulary alone describes no model.");
        }
    }

    // A family names the field of config.json; the reader of a GGUF file looks for the key.
    private static DefinitionException At(DefinitionException error, GgufField[] fields, CheckpointHeader header)
    {
        string? key = fields.LastOrDefault(field => field.Name == error.Field)?.Key;
        return key is null || header.Metadata["general.architecture"]?.Text is not { } architecture
            ? error
            : new DefinitionException(error.Fault, $"{architecture}.{key}", $"({error.Field}) {error.Problem}", error);
    }
}
