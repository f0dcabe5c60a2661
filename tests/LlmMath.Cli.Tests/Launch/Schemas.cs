using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using LlmMath.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LlmMath.Cli.Tests.Launch;

/// <summary>Holds manifests to the definitions of those who read them; README.md beside them says where each was read.</summary>
internal static class Schemas
{
    private static readonly Dictionary<string, JsonSchema> s_read = [];

    /// <summary>What is wrong with a manifest; empty where nothing is.</summary>
    public static string Wrong(string yaml)
    {
        foreach (JsonNode document in Documents(yaml))
        {
            string kind = document["kind"]?.GetValue<string>() ?? (document["services"] is null ? "RayServe" : "Compose");
            if (document["spec"]?["serveConfigV2"]?.GetValue<string>() is { } inner && Wrong(inner) is { Length: > 0 } problem)
            {
                return problem;
            }

            EvaluationResults found = Of(kind).Evaluate(JsonSerializer.SerializeToElement(document),
                new() { OutputFormat = OutputFormat.List });
            if (!found.IsValid)
            {
                return kind + ": " + string.Join("; ", (found.Details ?? []).Where(detail => detail.Errors is not null)
                    .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}")));
            }
        }

        return "";
    }

    /// <summary>The documents, plain words by YAML's core schema.</summary>
    public static IReadOnlyList<JsonNode> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => Node(document.RootNode)!)];
    }

    private static JsonSchema Of(string kind)
    {
        if (!s_read.TryGetValue(kind, out JsonSchema? schema))
        {
            // compose-spec names draft 7 by an address that it does not have.
            schema = JsonSchema.FromText(File.ReadAllText(
                Path.Combine(Repository.Root, "tests/LlmMath.Cli.Tests/Launch/Schemas", kind + ".json"))
                .Replace("\"https://json-schema.org/draft-07/schema\"", "\"http://json-schema.org/draft-07/schema#\"",
                    StringComparison.Ordinal));
            s_read[kind] = schema;
        }

        return schema;
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(field =>
            KeyValuePair.Create(((YamlScalarNode)field.Key).Value!, Node(field.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => plain.Value switch
        {
            "true" => true,
            "false" => false,
            "null" or "" => null,
            { } word => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
                : double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : word,
            null => null,
        },
        YamlScalarNode quoted => quoted.Value,
        _ => throw new InvalidOperationException(node.ToString()),
    };
}
