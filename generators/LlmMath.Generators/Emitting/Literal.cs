using System.Globalization;
using LlmMath.Interchange;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators;

/// <summary>Values as C# expressions.</summary>
internal static class Literal
{
    private static readonly string s_value = TypeName.Of<ConfigValue>();

    public static string Of(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Of(string? text, string otherwise) => text is null ? otherwise : Of(text);

    public static string Of(long number) =>
        number == long.MinValue ? "long.MinValue" : number.ToString(CultureInfo.InvariantCulture) + "L";

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture) + "D";

    public static string Of(double? number) => number is { } value ? Of(value) : "null";

    public static string Of(bool flag) => flag ? "true" : "false";

    public static string Of(ConfigValue value) => value.Kind switch
    {
        ConfigValueKind.Null => s_value + ".Null",
        ConfigValueKind.Flag => Of(value.Flag!.Value),
        ConfigValueKind.Integer => Of(value.Integer!.Value),
        ConfigValueKind.Real => Of(value.Real!.Value),
        ConfigValueKind.Text => Of(value.Text!),
        ConfigValueKind.List => $"{s_value}.Array({Array<ConfigValue>(value.List!.Select(Of))})",
        _ => $"{s_value}.Object({Fields(value.Section!)})",
    };

    /// <summary>An array of a config's fields.</summary>
    public static string Fields(ModelConfig config) => Array<ConfigField>(
        config.Fields.Select(field => New<ConfigField>(Of(field.Name), Of(field.Value))));

    /// <summary>An object of a type, from the expressions of its arguments.</summary>
    public static string New<T>(params string[] arguments) => $"new {TypeName.Of<T>()}({string.Join(", ", arguments)})";

    /// <summary>An object of a type, from what its properties are set to.</summary>
    public static string Set<T>(IEnumerable<string> settings) => $"new {TypeName.Of<T>()} {{ {string.Join(", ", settings)} }}";

    /// <summary>A list of a type, from the expressions of its elements.</summary>
    public static string List<T>(IEnumerable<string> items) =>
        $"{TypeName.Of(typeof(ValueList))}.Create<{TypeName.Of<T>()}>({Array<T>(items)})";

    private static string Array<T>(IEnumerable<string> items) => $"new {TypeName.Of<T>()}[] {{ {string.Join(", ", items)} }}";
}
