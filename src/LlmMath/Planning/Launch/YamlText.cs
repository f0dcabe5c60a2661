using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmMath.Planning.Launch;

/// <summary>JSON as YAML that people read: a key or an item a line, lists of single values in brackets, texts in double quotes
/// unless they are plain words, texts of whole lines as they stand. Source: YAML 1.2.2, 7.3.1 and 8.1.2.</summary>
internal static class YamlText
{
    /// <summary>The documents.</summary>
    public static string Of(params JsonObject[] documents)
    {
        var text = new StringBuilder();
        foreach (JsonObject document in documents)
        {
            text.Append(text.Length > 0 ? "---\n" : "");
            Lines(text, document, 0);
        }

        return text.ToString();
    }

    private static void Lines(StringBuilder text, JsonNode node, int column)
    {
        if (node is JsonObject map)
        {
            foreach ((string key, JsonNode? value) in map)
            {
                text.Append(' ', column).Append(IsPlain(key) ? key : Quoted(key)).Append(':');
                Value(text, value, column);
            }

            return;
        }

        foreach (JsonNode? item in node.AsArray())
        {
            int start = text.Length + column;
            Lines(text, item!, column + 2);
            text[start] = '-';
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int column)
    {
        if (value is JsonObject { Count: > 0 } || (value is JsonArray { Count: > 0 } items && items[0] is JsonObject))
        {
            text.Append('\n');
            Lines(text, value, column + 2);
        }
        else if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var word
            && IsLines(word))
        {
            text.Append(" |\n");
            foreach (string line in word[..^1].Split('\n'))
            {
                text.Append(' ', column + 2).Append(line).Append('\n');
            }
        }
        else
        {
            text.Append(' ').Append(Inline(value, isPlain: true)).Append('\n');
        }
    }

    private static string Inline(JsonNode? value, bool isPlain = false) => value switch
    {
        JsonArray items => "[" + string.Join(", ", items.Select(item => Inline(item))) + "]",
        JsonValue when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is var word && isPlain
            && IsPlain(word) ? word : Quoted(word),
        _ => value?.ToJsonString() ?? "null",
    };

    // As a double-quoted scalar: \u is of four digits, \U of eight.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                >= ' ' and <= '~' => ((char)rune.Value).ToString(),
                <= 0xFFFF => "\\u" + rune.Value.ToString("X4", CultureInfo.InvariantCulture),
                _ => "\\U" + rune.Value.ToString("X8", CultureInfo.InvariantCulture),
            });
        }

        return quoted.Append('"').ToString();
    }

    // Words with a sign that no number, date or truth value has, and none that means something to YAML.
    private static bool IsPlain(string word) => word.Length > 0 && (char.IsAsciiLetter(word[0]) || word[0] == '/')
        && char.IsAsciiLetterOrDigit(word[^1])
        && word.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.' or '/' or ':')
        && word.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");

    private static bool IsLines(string text) => text.Length > 1 && text[^1] == '\n' && text[^2] != '\n'
        && text[0] is not (' ' or '\n') && text.All(sign => sign is '\n' or (>= ' ' and <= '~'));
}
