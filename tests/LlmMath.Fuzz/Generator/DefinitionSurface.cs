using System.Text;
using System.Text.RegularExpressions;
using LlmMath.Testing;
using LlmMath.Tests.Interchange;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Fuzz.Generator;

/// <summary>Definitions of models, GPUs and engines as nobody would write them, several in one project.</summary>
internal static partial class DefinitionSurface
{
    private const int Together = 12;

    private static readonly Lazy<(string Kind, string Text)[]> s_catalog = new(() =>
    [
        .. Texts("models").Select(text => ("model", text)), .. Texts("gpus").Select(text => ("gpu", text)),
        .. Texts("engines").Select(text => ("engine", text)),
    ]);

    // Names that C#, the catalogs or the library have, or that cannot be names.
    private static readonly string[] s_names =
    [
        "@class", ".new", "(void)", "new", "class", "app-model-catalog", "model-catalog", "model-catalog-extensions",
        "gpu-catalog", "evidence-kind", "value-list", "config-value", "equals", "get-type", "to-string", "get-hash-code",
        "memberwise-clone", "finalize", "reference-equals", "object", "string", "entries", "all", "find", "s_entries",
        "names", "nearest", "llm-math", "system", "gpt2", "opt-350m", "h100-sxm-80gb", "vllm", "7b", "-", "", "é", "日本",
        "a.b", "a+b", "a b", "ﬁ", "ǅ", "İ", "ı", "a\u200bb", "x\u0301", "con", "model-definition", "gpu", "engine-profile",
        "engine-speed",
        "byte-size", "catalog", "catalog-entry", "func", "list", "global", "var", "record", "file", "field", "value",
    ];

    private static readonly string[] s_numbers =
    [
        "0", "-1", "1", "1e300", "1e308", "-1e300", "1e999", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "0.1", "1e-300", "2147483648", "4294967296", "1e18", "null", "true", "\"1\"", "[]", "{}",
        "[1]", "1E400", "NaN", "Infinity", "01", "1.",
    ];

    public static Surface Surface { get; } = new("generator/definitions",
        $"`CatalogGenerator` in the compiler, {Together} definitions an input: no exception, an entry or one LLM diagnostic "
        + "at its file for each, code without a warning that declares nothing else, entries equal to what is read at run time",
            Try);

    private static bool Try(Trial trial)
    {
        Random random = trial.Random;
        LanguageVersion language = random.Pick(Application.Languages);
        Definition[] definitions = [.. Enumerable.Range(0, random.Next(1, Together + 1)).Select(i => Next(random, i))];
        trial.Input = () => string.Join(Environment.NewLine, definitions.Select(d => d.ToString()).Prepend(language.ToString()));
        return Compiled.Check(Application.Make(language, definitions), language, definitions, trial) > 0;
    }

    private static Definition Next(Random random, int number)
    {
        (string kind, string text) = random.Pick(s_catalog.Value);
        string name = random.OneIn(3) ? random.Pick(s_names) : random.OneIn(12) ? random.Text(6) : $"entry-{number}";
        bool isNamed = random.OneIn(2) || name.IndexOfAny(['/', '\0']) >= 0;
        string path = isNamed ? $"/x/{number}.json" : $"/x/{name}.json";
        return new(path, Changed(random, text), kind, isNamed ? name : null);
    }

    private static string Changed(Random random, string text)
    {
        for (int change = random.Next(4); change > 0; change--)
        {
            text = random.Next(6) switch
            {
                0 => Encoding.UTF8.GetString(random.Bytes(Encoding.UTF8.GetBytes(text))),
                1 or 2 => Replaced(random, text, Number(), random.Pick(s_numbers)),
                3 or 4 => Replaced(random, text, Quoted(), JsonWriting.Write((ConfigValue)random.Text(10))),
                _ => Replaced(random, text, Quoted(), random.Pick(s_numbers)),
            };
        }

        return text;
    }

    // One of the places that a pattern is found at.
    private static string Replaced(Random random, string text, Regex pattern, string by)
    {
        MatchCollection places = pattern.Matches(text);
        if (places.Count == 0)
        {
            return text;
        }

        Match place = places[random.Next(places.Count)];
        return string.Concat(text.AsSpan(0, place.Index), by, text.AsSpan(place.Index + place.Length));
    }

    private static IEnumerable<string> Texts(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "catalog", folder), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllText);

    [GeneratedRegex(@"(?<=[:\[,]\s*)-?\d[\d.eE+-]*")]
    private static partial Regex Number();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Quoted();
}
