using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmMath.Tests.Interchange;

/// <summary>Writes configs as JSON.</summary>
internal static class JsonWriting
{
    public static string Write(ModelConfig config) => Write(config.Fields.Select(field => (field.Name, Write(field.Value))));

    public static string Write(IEnumerable<(string Name, string Value)> fields) =>
        "{" + string.Join(",", fields.Select(field => $"\"{JsonEncodedText.Encode(field.Name)}\":{field.Value}")) + "}";

    public static string Write(ConfigValue value) => value switch
    {
        { Section: { } section } => Write(section),
        { List: { } list } => "[" + string.Join(",", list.Select(Write)) + "]",
        { Flag: { } flag } => flag ? "true" : "false",
        { Text: { } text } => $"\"{JsonEncodedText.Encode(text)}\"",
        { Integer: { } integer } => integer.ToString(CultureInfo.InvariantCulture),
        { Real: { } real } => real.ToString("R", CultureInfo.InvariantCulture),
        _ => "null",
    };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
