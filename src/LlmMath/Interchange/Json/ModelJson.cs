namespace LlmMath.Interchange;

/// <summary>Reads a model's definition file: the catalog's shape (<c>id</c>, <c>config</c>, <c>evidence</c>), or a bare
/// config.json.</summary>
internal static class ModelJson
{
    /// <summary>Reads a definition and holds its evidence against its count.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">The file is malformed, a field is missing, unknown or wrong, or evidence contradicts
    /// the count. It names the field; the caller adds the file.</exception>
    public static ModelDefinition Read(ReadOnlySpan<byte> utf8, string name)
    {
        ModelConfig root = ReadRoot(utf8);
        ModelDefinition definition = root["config"] is null && root["model_type"] is not null
            ? new ModelDefinition(name, root["_name_or_path"]?.Text is { Length: > 0 } path ? path : name, root)
            : ReadEntry(root, name);
        CheckEvidence(definition);
        return definition;
    }

    public static ModelConfig ReadRoot(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonText.ReadObject(utf8);
        }
        catch (JsonTextException error)
        {
            throw error.ToDefinitionException();
        }
    }

    private static ModelDefinition ReadEntry(ModelConfig root, string name)
    {
        var fields = new JsonFields(root);
        fields.Text("$schema");
        string id = fields.Text("id") ?? name;
        ModelConfig config = fields.Section("config")
            ?? throw fields.Missing("config", "an object with the fields of the model's config.json");
        Evidence[] evidence = [.. fields.List("evidence").Select(ReadEvidence)];
        fields.RejectOthers();
        return new ModelDefinition(name, id, config, evidence);
    }

    private static Evidence ReadEvidence(JsonFields fields)
    {
        string kind = fields.RequiredText("kind");
        var evidence = new Evidence(
            kind switch
            {
                "published" => EvidenceKind.Published,
                "recomputed" => EvidenceKind.Recomputed,
                _ => throw fields.Wrong("kind", "\"published\" or \"recomputed\"", kind),
            },
            fields.RequiredInteger("parameters", 1),
            fields.RequiredText("source"))
        {
            ActiveParameters = fields.Integer("active_parameters", 1),
            Beyond = [.. fields.List("beyond").Select(ReadDifference)],
        };
        fields.RejectOthers();
        return evidence;
    }

    private static Difference ReadDifference(JsonFields fields)
    {
        var difference = new Difference(fields.RequiredText("what"), fields.RequiredInteger("parameters", long.MinValue));
        fields.RejectOthers();
        return difference;
    }

    private static void CheckEvidence(ModelDefinition definition)
    {
        long count, active;
        try
        {
            (count, active) = (definition.ParameterCount(), definition.ActiveParameterCount());
        }
        catch (DefinitionException error)
        {
            // The config is a field of the file; its fields' paths begin there.
            string path = error.Field.Length == 0 ? "config" : "config." + error.Field;
            throw new DefinitionException(error.Fault, path, error.Problem, error);
        }

        for (int i = 0; i < definition.Evidence.Count; i++)
        {
            Evidence evidence = definition.Evidence[i];
            if (evidence.Decoder != count)
            {
                throw Contradiction(i, "parameters", evidence.Parameters, evidence.Decoder, count);
            }

            if (evidence.ActiveParameters is { } stated && stated != active)
            {
                throw Contradiction(i, "active_parameters", stated, stated, active);
            }
        }
    }

    private static DefinitionException Contradiction(int index, string field, long stated, long decoder, long computed)
    {
        string N(long number) => Counting(number);
        string less = stated == decoder ? "" : $" (less what it holds beyond the decoder: {N(decoder)})";
        return new(DefinitionFault.Contradiction, $"evidence[{Counting(index)}].{field}",
            $"states {N(stated)}{less}, but the config counts to {N(computed)}: {N(computed - decoder)} apart. "
            + "Correct the config or the number, or name the difference in \"beyond\".");
    }

    private static string Counting(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
