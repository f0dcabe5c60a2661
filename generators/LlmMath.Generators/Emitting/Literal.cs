using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators;

/// <summary>Values as C# literals.</summary>
internal static class Literal
{
    public static string Of(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Of(string? text, string otherwise) => text is null ? otherwise : Of(text);

    public static string Of(long number) =>
        number == long.MinValue ? "long.MinValue" : number.ToString(CultureInfo.InvariantCulture) + "L";

    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture) + "D";

    public static string Of(double? number) => number is { } value ? Of(value) : "null";

    public static string Of(ConfigValue value) => value.Kind switch
    {
        ConfigValueKind.Null => "ConfigValue.Null",
        ConfigValueKind.Flag => value.Flag == true ? "true" : "false",
        ConfigValueKind.Integer => Of(value.Integer!.Value),
        ConfigValueKind.Real => Of(value.Real!.Value),
        ConfigValueKind.Text => Of(value.Text!),
        ConfigValueKind.List => $"ConfigValue.Array({string.Join(", ", value.List!.Select(Of))})",
        _ => $"ConfigValue.Object({Of(value.Section!)})",
    };

    public static string Of(ModelConfig config) =>
        string.Join(", ", config.Fields.Select(field => $"new ConfigField({Of(field.Name)}, {Of(field.Value)})"));

    /// <summary>An object of a type, from the literals of its arguments.</summary>
    public static string New(string type, params string[] arguments) => $"new {type}({string.Join(", ", arguments)})";

    /// <summary>A list of a type, from the literals of its elements.</summary>
    public static string List(string type, IEnumerable<string> items) =>
        $"ValueList.Create<{type}>(new {type}[] {{ {string.Join(", ", items)} }})";
}
