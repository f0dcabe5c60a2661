using System.Text.Json;
using LlmMath.Basics;

namespace LlmMath.Planning.Launch;

/// <summary>Finds the start command in a compose file or a manifest: the first <c>entrypoint</c>, <c>command</c> and <c>args</c>,
/// as a list in brackets, a list of lines, or a line for a shell. No whole YAML: anchors and folded texts are refused.</summary>
internal static class ManifestReader
{
    private const int MostCharacters = 1 << 22;
    private static readonly string[] s_keys = ["entrypoint", "command", "args"];

    /// <summary>The words of the command.</summary>
    /// <exception cref="EstimateException">There is none, or it is written in a way that is not read.</exception>
    public static string[] Words(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new EstimateException("manifest", "at most 4,194,304 characters are right.");
        }

        string[] lines = text.Split('\n');
        var words = new List<string>();
        foreach (string key in s_keys)
        {
            int at = Array.FindIndex(lines, line => Rest(line, key) is not null);
            if (at >= 0)
            {
                words.AddRange(Value(lines, at, Rest(lines[at], key)!, key)
                    .Select(word => word.Replace("$$", "$", StringComparison.Ordinal)));
            }
        }

        return words.Count > 0 ? [.. words]
            : throw new EstimateException("manifest", "no entrypoint, command or args was found in it.");
    }

    /// <summary>Whether a text is such a file, not a command.</summary>
    public static bool IsManifest(string text) => Array.Exists(text.Split('\n'),
        line => line.StartsWith("services:", StringComparison.Ordinal)
            || line.StartsWith("apiVersion:", StringComparison.Ordinal));

    private static string? Rest(string line, string key)
    {
        string trimmed = line.TrimStart(' ', '-');
        return trimmed.StartsWith(key + ":", StringComparison.Ordinal) ? trimmed[(key.Length + 1)..].Trim() : null;
    }

    private static string[] Value(string[] lines, int at, string rest, string key)
    {
        if (rest.StartsWith('['))
        {
            return Listed(rest, key);
        }

        if (rest.Length > 0)
        {
            return rest[0] is '&' or '*' or '|' or '>' ? throw Wrong(key) : ShellText.Split(Scalar(rest, key));
        }

        return [.. lines.Skip(at + 1).TakeWhile(line => line.TrimStart().StartsWith("- ", StringComparison.Ordinal))
            .Select(line => Scalar(line.TrimStart()[2..].Trim(), key))];
    }

    private static string[] Listed(string json, string key)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                ? item.GetString()! : item.GetRawText())];
        }
        catch (JsonException)
        {
            throw Wrong(key);
        }
    }

    private static string Scalar(string text, string key)
    {
        if (text.StartsWith('"'))
        {
            return Listed($"[{text}]", key) is [var one] ? one : throw Wrong(key);
        }

        return text.StartsWith('\'') && text.Length > 1 && text.EndsWith('\'')
            ? text[1..^1].Replace("''", "'", StringComparison.Ordinal) : text;
    }

    private static EstimateException Wrong(string key) =>
        new(key, "a list [\"…\", \"…\"], a list of lines \"- …\" or one line is read; it is written otherwise.");
}
