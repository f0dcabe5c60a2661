using System.Globalization;
#if !NETSTANDARD2_0 // The generator has a reader of its own, under the same names.
using System.Text.Json;
#endif

namespace LlmMath.Interchange.Json;

/// <summary>
/// The one reader of JSON: bytes to a <see cref="ModelConfig"/>, strictly, in bounded memory and time: no duplicate fields, at
/// most 64 levels, <see cref="MaxValues"/> and <see cref="MaxBytes"/>. NaN and Infinity are read as strings.
/// </summary>
internal static class JsonText
{
    /// <summary>The largest text read, in bytes: config.json files are some kilobytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Values read, elements of lists among them: a config.json has some thousands at most, and one takes many times its
    /// bytes in memory.</summary>
    public const int MaxValues = 1_000_000;

    /// <summary>Characters of a field's name.</summary>
    public const int MaxName = 1024;

    /// <summary>Levels of nesting that are read.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a text that must be one JSON object.</summary>
    /// <param name="utf8">The text, with or without a byte order mark.</param>
    /// <param name="maxValues">Values that are read, elements of lists among them.</param>
    /// <exception cref="JsonTextException">The text is no JSON, no object, too deep, too large, or holds a field
    /// twice.</exception>
    public static ModelConfig ReadObject(ReadOnlySpan<byte> utf8, int maxValues = MaxValues)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new JsonTextException("", $"is larger than {MaxBytes / (1024 * 1024)} MiB, which no configuration is.", 0,
                fault: DefinitionFault.TooLarge);
        }

        var source = new JsonSource(utf8);
        if (IsBlank(source.Text))
        {
            throw new JsonTextException("", "is empty; a JSON object is needed.", 0);
        }

        var values = new ValueCount(maxValues);
        var reader = new Utf8JsonReader(source.Text, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonTextException(
                    "", $"must be a JSON object; it begins with {Describe(reader.TokenType)}.", reader.TokenStartIndex);
            }

            ModelConfig config = ReadSection(ref reader, ref values);
            reader.Read();
            return config;
        }
        catch (JsonTextException error)
        {
            throw error.At(source.Origin(error.Position));
        }
        catch (JsonException error)
        {
            long line = error.LineNumber ?? 0;
            int start = source.LineStart(line);
            long position = source.Origin(start + (error.BytePositionInLine ?? 0));
            throw new JsonTextException("", $"is not valid JSON at line {line + 1}, byte {position - source.Origin(start) + 1}: "
                + FirstSentence(error.Message), position, error);
        }
        catch (InvalidOperationException error)
        {
            // A string or a field name that is no valid UTF-8, or an unpaired surrogate.
            throw new JsonTextException("", "holds a string that is not valid UTF-8.", source.Origin(reader.TokenStartIndex),
                error);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return true;
    }

    private static ModelConfig ReadSection(ref Utf8JsonReader reader, ref ValueCount values)
    {
        var fields = new List<ConfigField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            if (name.Length > MaxName)
            {
                throw new JsonTextException(name.Substring(0, 40) + "…",
                    $"is a name of more than {MaxName} characters, which no field has.", reader.TokenStartIndex);
            }

            if (!names.Add(name))
            {
                throw new JsonTextException(name, "is there twice; each field must be given once.", reader.TokenStartIndex);
            }

            reader.Read();
            try
            {
                fields.Add(new ConfigField(name, ReadValue(ref reader, ref values)));
            }
            catch (JsonTextException error)
            {
                // A field's path is put together where it is needed, not for every field.
                throw error.Under(name);
            }
        }

        return new ModelConfig([.. fields]);
    }

    private static ConfigValue ReadValue(ref Utf8JsonReader reader, ref ValueCount values)
    {
        if (++values.Read > values.Most)
        {
            throw TooMany(ref reader, values);
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return reader.TokenType == JsonTokenType.True;
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.Number:
                // A number beyond a double is an infinity on some runtimes and an error on others: a string either way here.
                return reader.TryGetInt64(out long integer) ? integer
                    : reader.TryGetDouble(out double real) && !double.IsInfinity(real) ? real : "a number too large";
            case JsonTokenType.StartObject:
                return ConfigValue.Object([.. ReadSection(ref reader, ref values).Fields]);
            case JsonTokenType.StartArray:
                var items = new List<ConfigValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, ref values));
                }

                return ConfigValue.Array([.. items]);
            default:
                return ConfigValue.Null;
        }
    }

    // Reads on to the end for the sake of the number alone.
    private static JsonTextException TooMany(ref Utf8JsonReader reader, ValueCount values)
    {
        long position = reader.TokenStartIndex;
        while (reader.Read())
        {
            values.Read += reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray ? 0
                : 1;
        }

        return new JsonTextException("", string.Format(CultureInfo.InvariantCulture,
            "is one of {0:N0} values; at most {1:N0} are read.", values.Read, values.Most), position,
            fault: DefinitionFault.TooLarge);
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        _ => "true, false or null",
    };

    // What .NET's reader says to programmers, not to those who wrote the JSON.
    private static readonly string[] ReadersWords =
        [" Change the reader options.", ", when isFinalBlock is true", " which is not supported in this mode"];

    /// <summary>A JSON error's message without its position, and without the rest of the text, which it may quote.</summary>
    public static string FirstSentence(string message)
    {
        const int shown = 100;
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string sentence = end < 0 ? message : message.Substring(0, end);
        // The rest of a text, which it may quote, has lines.
        sentence = sentence.Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ');
        foreach (string words in ReadersWords)
        {
            int at = sentence.IndexOf(words, StringComparison.Ordinal);
            sentence = at < 0 ? sentence : sentence.Remove(at, words.Length);
        }

        return sentence.Length <= 2 * shown
            ? sentence
            : sentence.Substring(0, shown) + "…" + sentence.Substring(sentence.Length - shown);
    }
}

/// <summary>Values read so far, and how many may be.</summary>
internal struct ValueCount(int most)
{
    public readonly int Most = most;
    public int Read;
}

/// <summary>A JSON text that cannot be read, with the byte at which reading stopped.</summary>
internal sealed class JsonTextException(
    string field, string problem, long position, Exception? inner = null, DefinitionFault fault = DefinitionFault.Malformed)
    : Exception(problem, inner)
{
    public string Field { get; } = field;

    public string Problem { get; } = problem;

    /// <summary>Bytes from the start of the text, near the fault.</summary>
    public long Position { get; } = position;

    /// <summary>The same error, its field a part of another.</summary>
    public JsonTextException Under(string section) =>
        new(Field.Length == 0 ? section : section + "." + Field, Problem, Position, InnerException, fault);

    /// <summary>The same error at another position.</summary>
    public JsonTextException At(long position) => new(Field, Problem, position, InnerException, fault);

    public DefinitionException ToDefinitionException() => new(fault, Field, Problem, this);
}
