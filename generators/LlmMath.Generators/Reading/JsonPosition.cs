using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmMath.Generators;

/// <summary>Finds where a field stands in a JSON text. Positions stay out of the model's records, so that a moved line emits
/// nothing anew; they are looked up here when something is to be reported.</summary>
internal static class JsonPosition
{
    /// <summary>Position, in UTF-16 units, of a field by its path (<c>config.layers[2].size</c>), or of the deepest part of the
    /// path that there is.</summary>
    public static int Of(string text, string path)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return FromUtf8(text, Bytes(utf8, path));
    }

    /// <summary>The UTF-16 position of a byte position: System.Text.Json counts bytes, the compiler counts UTF-16
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

    private static long Bytes(byte[] utf8, string path)
    {
        string[] steps = path.Replace("[", ".[").Split(['.'], StringSplitOptions.RemoveEmptyEntries);
        var wanted = new Stack<string>(Enumerable.Reverse(steps));
        long best = 0;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = Interchange.JsonText.MaxDepth });
        try
        {
            reader.Read();
            while (wanted.Count > 0 && Enter(ref reader, wanted.Peek(), ref best))
            {
                wanted.Pop();
            }
        }
        catch (JsonException)
        {
            // The text is broken further on: what was found so far is the nearest there is.
        }
        catch (InvalidOperationException)
        {
            // A name that is no valid UTF-8: likewise.
        }

        return best;
    }

    // Moves from a container's start to the value of one of its fields or elements.
    private static bool Enter(ref Utf8JsonReader reader, string step, ref long best)
    {
        bool isArray = reader.TokenType == JsonTokenType.StartArray;
        if (!isArray && reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        for (int index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            long start = reader.TokenStartIndex;
            string name = isArray ? "[" + index.ToString(CultureInfo.InvariantCulture) + "]" : reader.GetString()!;
            if (!isArray)
            {
                reader.Read();
            }

            if (name == step)
            {
                best = start;
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
