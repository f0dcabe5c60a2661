using System.Globalization;
using LlmMath.Basics;

namespace LlmMath.Interchange.Json;

/// <summary>Reads a model's definition file: the catalog's shape (<c>id</c>, <c>config</c>, <c>evidence</c>), or a bare
/// config.json.</summary>
internal static class ModelJson
{
    /// <summary>Values of a definition: each becomes code of the application, which a compiler takes many times longer to read
    /// than JSON. The largest known config.json have some thousands.</summary>
    public const int MaxValues = 20_000;

    /// <summary>Reads a definition and holds its evidence against its count.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">The file is malformed, a field is missing, unknown or wrong, or evidence contradicts
    /// the count. It names the field; the caller adds the file.</exception>
    public static ModelDefinition Read(ReadOnlySpan<byte> utf8, string name)
    {
        ModelConfig root = ReadRoot(utf8);
        if (IsBareConfig(root))
        {
            string id = root["_name_or_path"]?.Text is { Length: > 0 } path ? path : name;
            return Checked(new ModelDefinition(name, id, root), config: "");
        }

        return Checked(ReadEntry(root, name), "config");
    }

    /// <summary>The same, where a field of the config that is not understood is an error.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">As <see cref="Read"/>, or a field is not understood.</exception>
    public static ModelDefinition ReadStrictly(ReadOnlySpan<byte> utf8, string name)
    {
        ModelDefinition definition = Read(utf8, name);
        return definition.NotUnderstood is { Count: > 0 }
            ? throw definition.NotUnderstoodError(IsBareConfig(ReadRoot(utf8)) ? "" : "config.")
            : definition;
    }

    private static bool IsBareConfig(ModelConfig root) => root["config"] is null && root["model_type"] is not null;

    public static ModelConfig ReadRoot(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonText.ReadObject(utf8, MaxValues);
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
        (string? released, string? source) = ReadRelease(fields);
        var definition = new ModelDefinition(name, id, config, evidence)
        {
            Aliases = fields.Names("aliases"),
            ReleaseDate = released,
            ReleaseSource = source,
        };
        fields.RejectOthers();
        return definition;
    }

    private static (string? Date, string? Source) ReadRelease(JsonFields fields)
    {
        if (fields.Fields("released") is not { } release)
        {
            return (null, null);
        }

        (string date, string source) = (release.RequiredText("date"), release.RequiredText("source"));
        release.RejectOthers();
        return CalendarDate.IsDate(date) && date.Length >= CalendarDate.MonthLength
            ? (date, source)
            : throw release.Wrong("date", "a day or month, \"2026-04-24\" or \"2026-04\"", date);
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

    /// <summary>The definition, whose evidence agrees with its count.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="config">The field that holds its config; empty where the whole file is the config.</param>
    private static ModelDefinition Checked(ModelDefinition definition, string config)
    {
        long count, active;
        try
        {
            (count, active) = (definition.ParameterCount(), definition.ActiveParameterCount());
        }
        catch (DefinitionException error)
        {
            string path = string.Join(".", new[] { config, error.Field }.Where(part => part.Length > 0));
            throw new DefinitionException(error.Fault, path, error.Problem, error);
        }

        for (int i = 0; i < definition.Evidence.Count; i++)
        {
            string at = $"evidence[{i.ToString(CultureInfo.InvariantCulture)}].";
            Evidence evidence = definition.Evidence[i];
            long decoder = Decoder(evidence, at);
            if (decoder != count)
            {
                throw Contradiction(at + "parameters", evidence.Parameters, decoder, count);
            }

            if (evidence.ActiveParameters is { } stated && stated != active)
            {
                throw Contradiction(at + "active_parameters", stated, stated, active);
            }
        }

        return definition;
    }

    private static long Decoder(Evidence evidence, string at)
    {
        try
        {
            return evidence.Decoder;
        }
        catch (EstimateException error)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, at + "beyond",
                $"takes {Counting(evidence.Parameters)} parameters beyond 64 bits; a number in it is too large.", error);
        }
    }

    private static DefinitionException Contradiction(string field, long stated, long decoder, long computed)
    {
        string less = stated == decoder ? "" : $" (less what it holds beyond the decoder: {Counting(decoder)})";
        return new(DefinitionFault.Contradiction, field,
            $"states {Counting(stated)}{less}, but the config counts to {Counting(computed)}: "
            + $"{Counting((decimal)computed - decoder)} apart. "
            + "Correct the config or the number, or name the difference in \"beyond\".");
    }

    // A decimal holds the difference of any two counts.
    private static string Counting(decimal number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
