using LlmMath.Families;

namespace LlmMath.Tests.Interchange;

/// <summary>Hostile config.json files, made from the catalog's and each family's: every one gives a model or one clear
/// error.</summary>
public class ConfigMutationTests
{
    private const int Inputs = 30_000, Seed = 20_261_124;

    private static readonly string[] s_values =
    [
        "0", "1", "-1", "2", "3", "7", "65536", "65537", "2147483647", "2147483648", "4294967296", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808",
        "1e308", "-1e308", "1e999", "0.5", "1.0", "4096.0", "1e-300", "NaN", "Infinity", "-Infinity", "null", "true", "false",
        "\"\"", "\"4096\"", "\"auto\"", "\"llama\"",
        "[]", "{}", "[0]", "[1,2]", "[null]", "[[1]]", "[\"full_attention\"]", "[\"sliding_attention\",\"full_attention\"]",
        "{\"a\":1}", "[-1]", "[2147483647]", "[1e9]",
    ];

    private static readonly Lazy<ModelConfig[]> s_configs =
        new(() => [.. ModelCatalog.All.Select(model => model.Config), .. Families()]);

    [Fact]
    public void EveryMutatedConfigGivesAModelOrOneErrorThatNamesTheFile()
    {
        var random = new Random(Seed);
        int read = 0;
        for (int i = 0; i < Inputs; i++)
        {
            byte[] json = Mutated(random, random.Pick(s_configs.Value));
            read += Mutation.Survives(() => System.Text.Encoding.UTF8.GetString(json), 64 << 20, () =>
            {
                ModelDefinition model = HuggingFaceConfig.Read(new MemoryStream(json), "file");
                Assert.True(model.ParameterCount() > 0);
                Assert.InRange(model.ActiveParameterCount(), 1, model.ParameterCount());
                Assert.NotEqual(0, model.Architecture.LayerCount);
                if (model.Architecture.LayerCount < 1000)
                {
                    _ = model.Parameters().Explain();
                    _ = model.Parameters(CountingConvention.HandEstimate).Explain();
                    _ = model.Parameters().Reconcile();
                    _ = model.Parameters().Components;
                }
            }) ? 1 : 0;
        }

        Assert.InRange(read, Inputs / 20, Inputs * 19 / 20);
    }

    private static byte[] Mutated(Random random, ModelConfig config)
    {
        if (random.Next(4) == 0)
        {
            return Mutation.Bytes(random, JsonWriting.Utf8(JsonWriting.Write(config)));
        }

        string json = JsonWriting.Write(config);
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            json = JsonWriting.Write(Changed(random, config, out ModelConfig? next));
            config = next ?? config;
        }

        return JsonWriting.Utf8(json);
    }

    // One field, at any depth, with another value, gone, given twice or renamed; the text, and the config where it still is one.
    private static List<(string Name, string Value)> Changed(Random random, ModelConfig config, out ModelConfig? next)
    {
        List<(string Name, string Value)> fields =
            [.. config.Fields.Select(field => (field.Name, JsonWriting.Write(field.Value)))];
        next = null;
        if (fields.Count == 0)
        {
            return [(random.Pick(s_fields), random.Pick(s_values))];
        }

        int at = random.Next(fields.Count);
        ConfigField chosen = config.Fields[at];
        switch (random.Next(8))
        {
            case 0:
                next = new ModelConfig([.. config.Fields.Where(field => field != chosen)]);
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count), fields[at]);
                break;
            case 2:
                fields[at] = (random.Pick(s_fields), fields[at].Value);
                break;
            case 3:
                fields.Add((random.Pick(s_fields), random.Pick(s_values)));
                break;
            case 4 when chosen.Value.Section is { } section:
                fields[at] = (chosen.Name, JsonWriting.Write(Changed(random, section, out _)));
                break;
            case 5 when chosen.Value.List is { Count: > 0 } list:
                string[] items = [.. list.Select(JsonWriting.Write)];
                items[random.Next(items.Length)] = random.Pick(s_values);
                fields[at] = (chosen.Name, "[" + string.Join(",", random.Next(3) == 0 ? items.Skip(1) : items) + "]");
                break;
            case 6:
                fields[at] =
                    (chosen.Name, string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 200))));
                break;
            default:
                fields[at] = (chosen.Name, random.Pick(s_values));
                break;
        }

        return fields;
    }

    // Every field that some family's config has, so that families meet each other's.
    private static readonly string[] s_fields =
        [.. ModelCatalog.All.SelectMany(model => model.Config.Fields).Select(field => field.Name).Distinct()];

    private static IEnumerable<ModelConfig> Families() => ModelFamily.Known.SelectMany(family => new[]
    {
        new ModelConfig(new ConfigField("model_type", family)),
        new ModelConfig(
            new("model_type", family), new("hidden_size", 64), new("num_attention_heads", 4), new("num_key_value_heads", 2),
            new("num_hidden_layers", 4),
            new("intermediate_size", 96), new("vocab_size", 500), new("num_experts", 8), new("num_local_experts", 8),
            new("n_routed_experts", 8),
            new("num_experts_per_tok", 2), new("moe_intermediate_size", 32), new("sliding_window", 16),
            new("tie_word_embeddings", false), new("head_dim", 16)),
        new ModelConfig(
            new("model_type", family), new("text_config", ConfigValue.Object(
                new("model_type", "llama"), new("hidden_size", 64), new("num_attention_heads", 4), new("num_hidden_layers", 4),
                new("vocab_size", 500))),
            new("vision_config", ConfigValue.Object(new ConfigField("hidden_size", 8)))),
    });
}
