using System.Globalization;
using System.Text.Json;
using LlmMath.Interchange;
using LlmMath.Interchange.Json;

namespace LlmMath.Planning.Prices;

/// <summary>A file of prices of one's own: an error names the line.</summary>
internal static class PriceFile
{
    public static PriceList Read(Stream stream, string name, DateOnly today)
    {
        byte[] utf8;
        try
        {
            utf8 = HuggingFaceConfig.BoundedRead(stream, JsonText.MaxBytes);
        }
        catch (DefinitionException error)
        {
            throw error.In(name);
        }

        try
        {
            return PriceJson.Read(utf8, today);
        }
        catch (DefinitionException error)
        {
            int? line = error.Field.Length == 0 ? null : LineOf(utf8, error.Field);
            throw error.In(line is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}") : name);
        }
    }

    /// <summary>The line, from 1, of a field by its path (<c>instances[3].gpu</c>), or of the row that lacks it; null where
    /// neither is there.</summary>
    internal static int? LineOf(ReadOnlySpan<byte> utf8, string path)
    {
        var source = new JsonSource(utf8);
        var reader = new Utf8JsonReader(source.Text, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        var open = new Stack<(string Path, int Index)>();
        string here = "";
        long best = -1;
        int bestLength = 0;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        string parent = open.Peek().Path;
                        here = parent.Length == 0 ? reader.GetString()! : $"{parent}.{reader.GetString()}";
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        open.Pop();
                        continue;
                    default:
                        here = open.Count > 0 && open.Peek().Index >= 0 ? NextItem(open) : here;
                        break;
                }

                if (IsAtOrAbove(here, path) && here.Length > bestLength)
                {
                    (best, bestLength) = (reader.TokenStartIndex, here.Length);
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    open.Push((here, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The text breaks off after what was found.
        }

        return best < 0 ? null : source.Text.Slice(0, (int)best).Count((byte)'\n') + 1;
    }

    private static string NextItem(Stack<(string Path, int Index)> open)
    {
        (string path, int index) = open.Pop();
        open.Push((path, index + 1));
        return string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
    }

    private static bool IsAtOrAbove(string here, string path) => path.StartsWith(here, StringComparison.Ordinal)
        && (path.Length == here.Length || path[here.Length] is '.' or '[');
}
