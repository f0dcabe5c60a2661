using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmMath.Cli.Output;

/// <summary>JSON for a program, written by hand: no reflection, so that it works compiled ahead of time.</summary>
internal static partial class JsonOut
{
    private static readonly JsonWriterOptions s_options =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_options))
        {
            write(writer);
        }

        output.Write(Hidden().Replace(Encoding.UTF8.GetString(stream.ToArray()), static sign =>
            string.Create(CultureInfo.InvariantCulture, $"\\u{(int)sign.Value[0]:X4}")) + output.NewLine);
    }

    // What a terminal acts on without showing it, direction marks for one; it stands in strings alone, where it may be escaped.
    // The encoder escapes control characters and line separators itself.
    [GeneratedRegex(@"\p{Cf}")]
    private static partial Regex Hidden();

    /// <summary>An array with one element an item.</summary>
    public static void Array<T>(this Utf8JsonWriter writer, string? name, IEnumerable<T> items, Action<T> write)
    {
        if (name is not null)
        {
            writer.WritePropertyName(name);
        }

        writer.WriteStartArray();
        foreach (T item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    /// <summary>An array with one object an item, whose fields <paramref name="write"/> writes.</summary>
    public static void Objects<T>(this Utf8JsonWriter writer, string? name, IEnumerable<T> items, Action<T> write) =>
        writer.Array(name, items, item =>
        {
            writer.WriteStartObject();
            write(item);
            writer.WriteEndObject();
        });

    /// <summary>A number, or null where there is none.</summary>
    public static void NumberOrNull(this Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>A whole number, or null where there is none.</summary>
    public static void NumberOrNull(this Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
