using LlmMath.Models.Families;
using LlmMath.Tests.Interchange;

namespace LlmMath.Fuzz.Readers;

/// <summary>Configs to change: the catalog's, and for each family its defaults alone, small sizes under the usual names, and a
/// decoder in a section.</summary>
internal static class Configs
{
    private static readonly Lazy<ModelConfig[]> s_all = new(() =>
        [.. ModelCatalog.All.Select(model => model.Config), .. Families()]);

    // Every field that some family's config has, so that families meet each other's.
    private static readonly Lazy<string[]> s_fields = new(() =>
        [.. ModelCatalog.All.SelectMany(model => model.Config.Fields).Select(field => field.Name).Distinct()]);

    private static readonly string[] s_values =
    [
        "0", "1", "-1", "2", "3", "7", "65536", "65537", "2147483647", "2147483648", "4294967296", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "1e308", "-1e308", "1e999", "0.5", "1.0", "4096.0", "1e-300", "NaN",
        "Infinity", "-Infinity", "null", "true", "false", "\"\"", "\"4096\"", "\"auto\"", "\"llama\"", "[]", "{}", "[0]",
        "[1,2]", "[null]", "[[1]]", "[\"full_attention\"]", "\"\\ud800x\"", "[\"sliding_attention\",\"full_attention\"]",
        "{\"a\":1}", "[-1]", "[2147483647]", "[1e9]",
    ];

    private static readonly long[] s_sizes =
        [1, 2, 3, 4, 5, 7, 8, 12, 16, 31, 32, 64, 96, 128, 256, 512, 1000, 1024, 4096, 8192, 32_000, 65_535, 65_536, 131_072,
            1_000_000,
            int.MaxValue, 1L << 31, 1L << 40];

    public static IReadOnlyList<ModelConfig> All => s_all.Value;

    /// <summary>A config.json that nobody would write, as bytes.</summary>
    public static byte[] Json(Random random)
    {
        ModelConfig config = random.Pick(All);
        string json = JsonWriting.Write(config);
        if (random.OneIn(4))
        {
            return random.Bytes(JsonWriting.Utf8(json));
        }

        for (int change = random.Next(1, 4); change > 0; change--)
        {
            json = JsonWriting.Write(Changed(random, config, out ModelConfig? next));
            config = next ?? config;
        }

        return JsonWriting.Utf8(json);
    }

    /// <summary>A config whose numbers and flags may be others, such as a model may well have, small to absurd.</summary>
    public static ModelConfig Resized(Random random, ModelConfig config)
    {
        ConfigField[] fields = [.. config.Fields];
        for (int change = random.Next(1, 5); change > 0 && fields.Length > 0; change--)
        {
            int at = random.Next(fields.Length);
            ConfigValue value = fields[at].Value;
            fields[at] = new(fields[at].Name, value switch
            {
                { Integer: { } number } => Resized(random, number),
                { Flag: { } flag } => !flag,
                { Section: { } section } => ConfigValue.Object([.. Resized(random, section).Fields]),
                { List: { Count: > 0 } list } when random.OneIn(2) => ConfigValue.Array([.. list.Reverse()]),
                _ => value,
            });
        }

        return random.OneIn(4) ? new([.. fields.Where((_, at) => at == 0 || !random.OneIn(8))]) : new(fields);
    }

    private static long Resized(Random random, long number) => random.Next(6) switch
    {
        0 => random.Pick(s_sizes),
        1 => Math.Max(1, number / 2),
        2 => number < long.MaxValue / 2 ? number * 2 : number,
        3 => number < long.MaxValue ? number + 1 : number,
        4 => Math.Max(0, number - 1),
        _ => number < 1L << 40 ? number * random.Next(1, 9) : number,
    };

    // One field, at any depth, with another value, gone, given twice or renamed; the text, and the config where it still is one.
    private static List<(string Name, string Value)> Changed(Random random, ModelConfig config, out ModelConfig? next)
    {
        List<(string Name, string Value)> fields = [.. config.Fields.Select(field =>
            (field.Name, JsonWriting.Write(field.Value)))];
        next = null;
        if (fields.Count == 0)
        {
            return [(random.Pick(s_fields.Value), random.Pick(s_values))];
        }

        int at = random.Next(fields.Count);
        ConfigField chosen = config.Fields[at];
        switch (random.Next(9))
        {
            case 0:
                next = new ModelConfig([.. config.Fields.Where(field => field != chosen)]);
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count), fields[at]);
                break;
            case 2:
                fields[at] = (random.Pick(s_fields.Value), fields[at].Value);
                break;
            case 3:
                fields.Add((random.Pick(s_fields.Value), random.Pick(s_values)));
                break;
            case 4 when chosen.Value.Section is { } section:
                fields[at] = (chosen.Name, JsonWriting.Write(Changed(random, section, out _)));
                break;
            case 5 when chosen.Value.List is { Count: > 0 } list:
                string[] items = [.. list.Select(JsonWriting.Write)];
                items[random.Next(items.Length)] = random.Pick(s_values);
                fields[at] = (chosen.Name, "[" + string.Join(",", random.OneIn(3) ? items.Skip(1) : items) + "]");
                break;
            case 6:
                fields[at] = (chosen.Name, string.Concat(Enumerable.Repeat(random.OneIn(2) ? "[" : "{\"a\":",
                    random.Next(1, 200))));
                break;
            case 7:
                fields[at] = (chosen.Name, JsonWriting.Write(random.Text(8)));
                break;
            default:
                fields[at] = (chosen.Name, random.Pick(s_values));
                break;
        }

        return fields;
    }

    private static IEnumerable<ModelConfig> Families() => ModelFamily.Known.SelectMany(family => new[]
    {
        new ModelConfig(new ConfigField("model_type", family)),
        new ModelConfig(
            new("model_type", family), new("hidden_size", 64), new("num_attention_heads", 4), new("num_key_value_heads", 2),
            new("num_hidden_layers", 4), new("intermediate_size", 96), new("vocab_size", 500), new("num_experts", 8),
            new("num_local_experts", 8), new("n_routed_experts", 8), new("num_experts_per_tok", 2),
                new("moe_intermediate_size", 32),
            new("sliding_window", 16), new("tie_word_embeddings", false), new("head_dim", 16)),
        new ModelConfig(
            new("model_type", family), new("text_config", ConfigValue.Object(
                new("model_type", "llama"), new("hidden_size", 64), new("num_attention_heads", 4), new("num_hidden_layers", 4),
                new("vocab_size", 500))),
            new("vision_config", ConfigValue.Object(new ConfigField("hidden_size", 8)))),
    });
}
