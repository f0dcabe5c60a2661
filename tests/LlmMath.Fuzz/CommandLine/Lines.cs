using System.Globalization;
using LlmMath.Fuzz.Readers;
using LlmMath.Tests.Interchange;

namespace LlmMath.Fuzz.CommandLine;

/// <summary>Command lines: verbs with their options, whose values are mostly right, sometimes odd, sometimes another's.</summary>
internal static class Lines
{
    private delegate string Value(Random random);

    private static readonly string[] s_catalog = [.. ModelCatalog.Entries.Names];
    private static readonly string[] s_gpus = [.. GpuCatalog.Entries.Names];
    private static readonly string[] s_engines =
        [.. EngineCatalog.Entries.Names, "none", "reference", "llama-cpp", "vlm"];

    private static readonly string[] s_weights = [.. WeightFormat.All.Select(format =>
        format.Name), "fp8", "awq", "q4km", "auto"];
    private static readonly string[] s_caches = [.. CacheFormat.All.Select(format => format.Name), "q8", "fp9"];

    private static readonly Dictionary<string, (string Option, Value? Value)[]> s_verbs = new()
    {
        ["models"] = [("--family", random => random.Pick(ModelCatalog.All).Architecture.Family)],
        ["gpus"] = [("--vendor", random => random.Pick(GpuCatalog.All).Vendor)],
        ["params"] = [("--convention", random => random.Pick((string[])["checkpoint", "hand-estimate", "paper"])),
            ("--explain", null)],
        ["inspect"] = [("--against", Model)],
        ["memory"] =
        [
            ("--weights", random => random.Pick(s_weights)), ("--kv", random => random.Pick(s_caches)),
            ("--kv-values", random => random.Pick(s_caches)), ("--batch", Number), ("--context", Number), ("--prompt", Number),
            ("--encoder-tokens", Number), ("--extend-context", null), ("--gpu", Gpus), ("--gpus", Small), ("--tp", Small),
                ("--ep", Small),
            ("--dp", Small), ("--engine", random => random.Pick(s_engines)), ("--pass-tokens", Number),
                ("--max-num-seqs", Number),
            ("--gpu-memory-utilization", Share), ("--draft", Model), ("--lora", Small), ("--lora-rank", Number),
            ("--prefix-cache", Number), ("--vision", null), ("--explain", null),
        ],
        ["quantize"] =
        [
            ("--normal", random => random.Next(-2, 9000).ToString(CultureInfo.InvariantCulture)), ("--seed", Number),
            ("--tensor", random => random.Pick((string[])["*", "a", "model.*", "x*y", ""])),
            ("--format", random => random.Pick(NumberFormats.All).Name),
        ],
        ["speed"] =
        [
            ("--gpu", random => random.Pick(s_gpus)), ("--gpus", Small), ("--tp", Small),
                ("--engine", random => random.Pick(s_engines)),
            ("--weights", random => random.Pick(s_weights)), ("--kv", random => random.Pick(s_caches)), ("--batch", Number),
            ("--prompt", Number), ("--output", Number), ("--explain", null),
        ],
    };

    private static readonly string[] s_odd =
    [
        "--", "-", "--help", "-h", "-?", "--version", "--json", "--explain", "@nowhere", "@", "[parse]", "[suggest]",
        "--json=maybe", "--batch=2", "/dev/null", ".", "..", "/", "~", "memory", "spede", new('x', 3000),
    ];

    private static readonly string[] s_json =
        ["true", "null", "[]", "{}", "1e400", "-1", "2147483647", "2147483648", "0.5", "\"1\""];

    // Without these there is no answer.
    private static readonly string[] s_needed = ["--gpu", "--weights", "--prompt", "--output", "--normal"];

    public static (string[] Args, string Input) Next(Random random)
    {
        Files.Clear();
        if (random.OneIn(40))
        {
            return ([.. Enumerable.Range(0, random.Next(4)).Select(_ => Odd(random))], "");
        }

        if (random.OneIn(12))
        {
            return (["speed", "--requests", "-"], string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Request(random)
                + "\n")));
        }

        string verb = random.Pick([.. s_verbs.Keys]);
        List<string> args = [verb];
        int models = verb switch
        {
            "params" or "memory" => random.Next(1, 3),
            "inspect" or "speed" => 1,
            "quantize" => random.Next(2),
            _ => 0,
        };
        args.AddRange(Enumerable.Range(0, models).Select(_ => verb is "inspect" or "quantize" ? Files.Next(random)
            : Model(random)));
        foreach ((string option, Value? value) in s_verbs[verb])
        {
            bool isNeeded = verb is "speed" or "quantize" && s_needed.Contains(option) && (models == 0 || option != "--normal");
            if (isNeeded ? !random.OneIn(20) : random.OneIn(6))
            {
                args.Add(option);
                args.AddRange(value is null ? [] : [random.OneIn(25) ? Odd(random) : value(random)]);
            }
        }

        if (random.OneIn(2))
        {
            args.Add("--json");
        }

        if (random.OneIn(15))
        {
            args.Insert(random.Next(args.Count + 1), Odd(random));
        }

        if (random.OneIn(60))
        {
            args.RemoveAt(random.Next(args.Count));
        }

        return ([.. args], "");
    }

    private static string Model(Random random) => random.Next(12) switch
    {
        0 => Odd(random),
        1 or 2 or 3 => Files.Next(random),
        _ => random.Pick(s_catalog),
    };

    private static string Gpus(Random random) =>
        string.Join(',', Enumerable.Range(0, random.OneIn(5) ? random.Next(1, 4) : 1).Select(_ => random.Pick(s_gpus)));

    private static string Number(Random random) => random.Next(12) switch
    {
        0 => random.Pick(Draw.Extremes).ToString(CultureInfo.InvariantCulture),
        1 => random.Pick((string[])["0", "-1", "1.5", "1e3", "1,000", "١", " 7", "7 ", "+3", "0x10", "NaN", "∞", ""]),
        _ => random.UpTo(5000).ToString(CultureInfo.InvariantCulture),
    };

    private static string Small(Random random) =>
        random.OneIn(10) ? Number(random) : (1 << random.Next(4)).ToString(CultureInfo.InvariantCulture);

    private static string Share(Random random) =>
        random.OneIn(3) ? Number(random) : random.NextDouble().ToString("R", CultureInfo.InvariantCulture);

    // Anything but what it should be.
    private static string Odd(Random random) => random.Next(6) switch
    {
        0 => random.Text(8) + (random.OneIn(8) ? "\ud800" : ""),
        1 => "--" + random.Text(5),
        2 => random.Pick(s_odd),
        3 => random.Pick(s_catalog)[1..],
        4 => Number(random),
        _ => random.Pick(s_weights),
    };

    private static string Request(Random random)
    {
        if (random.OneIn(8))
        {
            return random.OneIn(2) ? random.Text(20).ReplaceLineEndings("") : new string('[', random.Next(300));
        }

        List<(string, string)> fields =
        [
            ("id", random.OneIn(2) ? Json(random) : JsonWriting.Write((ConfigValue)random.Text(6))),
            ("model", JsonWriting.Write((ConfigValue)Whole(Model(random)))),
                ("gpu", JsonWriting.Write((ConfigValue)random.Pick(s_gpus))),
            ("weights", JsonWriting.Write((ConfigValue)random.Pick(s_weights))), ("prompt", Json(random)),
                ("output", Json(random)),
        ];
        if (random.OneIn(2))
        {
            fields.Add((random.Pick((string[])["batch", "gpus", "tp", "explain", "engine", "kv", "more", "id"]), Json(random)));
        }

        string line = JsonWriting.Write(fields);
        return random.OneIn(10) ? line[..random.Next(line.Length)] : line;
    }

    private static string Json(Random random) =>
        random.OneIn(6) ? random.Pick(s_json)
        : random.UpTo(5000).ToString(CultureInfo.InvariantCulture);

    // A half of a surrogate pair cannot be written.
    private static string Whole(string text) => new([.. text.Where(static c => !char.IsSurrogate(c))]);
}
