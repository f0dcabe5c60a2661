using System.Globalization;
using System.Text;
using LlmMath.Interchange.Json;

namespace LlmMath.Generators;

/// <summary>Finds where a field stands in a JSON text. Positions stay out of the model's records, so that a moved line emits
/// nothing anew; they are looked up here when something is to be reported.</summary>
internal static class JsonPosition
{
    /// <summary>Position, in UTF-16 units, of a field by its path (<c>config.layers[2].size</c>), or of the deepest part of the
    /// path that there is. A field's name may itself hold <c>.</c> or <c>[</c>.</summary>
    public static int Of(string text, string path)
    {
        var source = new JsonSource(Encoding.UTF8.GetBytes(text));
        var reader = new Utf8JsonReader(source.Text, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        (int Matched, long At) deepest = (-1, 0);
        try
        {
            reader.Read();
            Search(ref reader, path, 0, ref deepest);
        }
        catch (JsonException)
        {
            // The text is broken further on: what was found so far is the nearest there is.
        }
        catch (InvalidOperationException)
        {
            // A name that is no valid UTF-8: likewise.
        }

        return FromUtf8(text, source.Origin(deepest.At));
    }

    /// <summary>The UTF-16 position of a byte position: the reader counts bytes, the compiler counts UTF-16
    /// units.</summary>
    public static int FromUtf8(string text, long bytePosition)
    {
        long bytes = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (bytes >= bytePosition)
            {
                return i;
            }

            // A surrogate pair is four bytes: two for each half.
            bytes += text[i] < 0x80 ? 1 : text[i] < 0x800 || char.IsSurrogate(text[i]) ? 2 : 3;
        }

        return text.Length;
    }

    // From a value's first token to its last. The first `matched` characters of the path lead to it.
    private static void Search(ref Utf8JsonReader reader, string path, int matched, ref (int Matched, long At) deepest)
    {
        bool isArray = reader.TokenType == JsonTokenType.StartArray;
        if (!isArray && reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        for (int index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            long start = reader.TokenStartIndex;
            string step = isArray ? $"[{index.ToString(CultureInfo.InvariantCulture)}]" : reader.GetString()!;
            if (!isArray)
            {
                reader.Read();
            }

            int after = After(path, matched, step, isArray);
            if (after < 0)
            {
                reader.Skip();
                continue;
            }

            if (after > deepest.Matched)
            {
                deepest = (after, start);
            }

            Search(ref reader, path, after, ref deepest);
        }
    }

    // Where the path goes on behind a step, or -1 where it does not take the step.
    private static int After(string path, int matched, string step, bool isArray)
    {
        int from = matched > 0 && !isArray && matched < path.Length && path[matched] == '.' ? matched + 1 : matched;
        int end = from + step.Length;
        bool takes = string.CompareOrdinal(path, from, step, 0, step.Length) == 0 && end <= path.Length;
        return takes && (end == path.Length || path[end] is '.' or '[') ? end : -1;
    }
}
