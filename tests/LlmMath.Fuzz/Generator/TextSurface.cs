using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Generator;

/// <summary>Text of any kind at every place where a definition may have text, the file's name among them: it is data, and stays
/// data.</summary>
internal static class TextSurface
{
    private static readonly JsonSerializerOptions s_raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Code that would be a member of its own where a comment or a string ended before it.
    private static readonly string[] s_code =
    [
        "} internal static class Z { static int Escaped; } internal static partial class AppModelCatalog {", "public int "
            + "Escaped;",
        "\";public static int Escaped;//", "*/ public static int Escaped; /*", "</summary> <x>", "{Escaped}", "\" + Escaped + \"",
    ];

    public static Surface Surface { get; } = new("generator/text",
        "any text, escaped or raw, in ids, names, sources, notes, fields, values and the file's name, with every line "
        + "terminator and control character: accepted, declares exactly the members expected, equal to what is read at run "
        + "time", Try);

    private static bool Try(Trial trial)
    {
        Random random = trial.Random;
        LanguageVersion language = random.Pick(Application.Languages);
        Definition[] definitions =
        [
            new(FileName(random, 0), Json(random, Model(random)), "model", "first-model"),
            new(FileName(random, 1), Json(random, Config(random)), "model", "second-model"),
            new(FileName(random, 2), Json(random, Gpu(random)), "gpu", "first-gpu"),
            new(FileName(random, 3), Json(random, Engine(random)), "engine", "first-engine"),
        ];
        trial.Input = () => string.Join(Environment.NewLine, definitions.Select(d => d.ToString()).Prepend(language.ToString()));
        Made made = Application.Make(language, definitions);
        Require(made.Diagnostics.IsEmpty, "any text is accepted", made.Diagnostics.FirstOrDefault());
        Require(Compiled.Check(made, language, definitions, trial) == definitions.Length, "every definition becomes an entry");
        return true;
    }

    private static Dictionary<string, object> Model(Random random) => new Dictionary<string, object>
    {
        ["id"] = Text(random),
        ["config"] = new Dictionary<string, object>
        {
            ["model_type"] = "opt", ["num_hidden_layers"] = 2, ["_note"] = Text(random), ["_" + Text(random)] = Text(random),
        },
        ["evidence"] = new[] { new { kind = "recomputed", parameters = 54_360_576, source = Text(random) } },
    };

    private static Dictionary<string, object> Config(Random random) => new Dictionary<string, object>
    {
        ["model_type"] = "gpt2", ["_name_or_path"] = Text(random), ["_x" + Text(random)] = new[] { Text(random) },
    };

    private static object Gpu(Random random) => new
    {
        name = Text(random), vendor = Text(random), architecture = Text(random), interconnect = Text(random), note = Text(random),
        prices = new[] { new { provider = Text(random), usd_per_hour = 1.5, date = "2026-01", kind = "on-demand",
            source = Text(random) } },
        sources = new[] { Text(random) },
    };

    private static object Engine(Random random) => new
    {
        name = Text(random),
        aliases = new[] { Text(random) },
        runs_on = new { not_vendors = new[] { Text(random) } },
        memory = new { unknown = Text(random) },
        speed = new
        {
            note = Text(random),
            sources = new[] { Text(random) },
            generations = new[]
            {
                new
                {
                    architecture = Text(random), vendor = Text(random), gpus = new[] { "h100-sxm-80gb" }, rows = 3,
                    fitted_on = Text(random), first_token = new { low = 0.9, high = 1.2 },
                    inter_token = new { low = 0.9, high = 1.1 }, constants = new { bandwidth_efficiency = 0.8 },
                },
            },
        },
        sources = new[] { Text(random) },
    };

    private static string Json(Random random, object definition) =>
        random.OneIn(2) ? JsonSerializer.Serialize(definition) : JsonSerializer.Serialize(definition, s_raw);

    private static string FileName(Random random, int number) =>
        "/x/" + string.Concat(Text(random).Split('/', '\0')) + $"{number}.json";

    // At least one character; no half of a surrogate pair, which JSON cannot hold.
    private static string Text(Random random)
    {
        var text = new StringBuilder("t");
        for (int part = random.Next(6); part >= 0; part--)
        {
            text.Append(random.Next(3) switch
            {
                0 => random.Pick(Draw.Signs),
                1 => CodePoint(random),
                _ => random.Pick(s_code),
            });
        }

        return new([.. text.ToString().EnumerateRunes().Where(rune => rune != Rune.ReplacementChar).SelectMany(rune =>
            rune.ToString())]);
    }

    // Any of Unicode's, the first 256 and those about U+2028 as often as all others.
    private static string CodePoint(Random random) => random.Next(3) switch
    {
        0 => ((char)random.Next(256)).ToString(),
        1 => ((char)(0x2000 + random.Next(112))).ToString(),
        _ => Rune.TryCreate(random.Next(0x110000), out Rune rune) ? rune.ToString() : "",
    };
}
