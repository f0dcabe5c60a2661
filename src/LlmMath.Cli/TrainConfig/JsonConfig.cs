using System.Text.Json;

namespace LlmMath.Cli.TrainConfig;

/// <summary>Reads a configuration that is JSON.</summary>
internal static class JsonConfig
{
    /// <summary>The file's values.</summary>
    /// <exception cref="CliException">It is no JSON object, too deep, or has a key twice.</exception>
    public static ConfigTree Read(string file, ReadOnlyMemory<byte> text)
    {
        var tree = new ConfigTree(file);
        try
        {
            using var document = JsonDocument.Parse(text, new()
            {
                MaxDepth = ConfigTree.MostDepth, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
            });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new CliException($"{file}: a JSON object is right.");
            }

            Add(tree, "", document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            string why = problem.Message.ReplaceLineEndings(" ");
            why = why.Length > 400 ? why[..400] + "…" : why;
            throw new CliException($"{file}: it is no JSON that can be read: {why}", problem);
        }

        return tree;
    }

    private static void Add(ConfigTree tree, string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when path.Length > 0 && !element.EnumerateObject().Any():
            case JsonValueKind.Null:
                tree.Add(path, ConfigValue.Null);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Add(tree, path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value);
                }

                break;
            case JsonValueKind.Array:
                tree.Add(path, element.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Object
                    or JsonValueKind.Array)) ? new([.. element.EnumerateArray().Select(Text)], true) : ConfigValue.Nested);
                break;
            default:
                tree.Add(path, new([Text(element)]));
                break;
        }
    }

    private static string Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => element.GetRawText(),
    };
}
