using System.Globalization;
using LlmMath.Interchange;
using LlmMath.Interchange.Json;

namespace LlmMath.Planning.Prices;

/// <summary>Prices from JSON, strictly: what nobody asked for is an error.</summary>
internal static class PriceJson
{
    private static readonly Citation s_own = new("a price list of one's own", "one's own");

    public static PriceList Read(ReadOnlySpan<byte> utf8, DateOnly today)
    {
        var root = new JsonFields(Object(utf8));
        root.Text("$schema");
        Dictionary<string, Citation> sources = Sources(root);
        var reader = new Rows(sources, today);
        var prices = new PriceList(
            [.. root.List("instances").Select(reader.Instance)],
            [.. root.List("apis").Select(reader.Api)],
            [.. root.List("machines").Select(reader.Machine)]);
        root.RejectOthers();
        return prices;
    }

    /// <summary>A text that must be one JSON object.</summary>
    public static ModelConfig Object(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonText.ReadObject(utf8);
        }
        catch (JsonTextException error)
        {
            throw error.ToDefinitionException();
        }
    }

    /// <summary>Where rows may have been read, by the short names that they give.</summary>
    public static Dictionary<string, Citation> Sources(JsonFields root)
    {
        var sources = new Dictionary<string, Citation>(StringComparer.Ordinal);
        if (root.Section("sources") is { } section)
        {
            var named = new JsonFields(section, "sources.");
            foreach (ConfigField field in section.Fields)
            {
                JsonFields source = named.Fields(field.Name)!;
                sources.Add(field.Name, new(source.RequiredText("where"), source.RequiredText("licence")));
                source.RejectOthers();
            }
        }

        return sources;
    }

    /// <summary>A day as <c>2026-10-10</c>, none to come; null where the field is missing.</summary>
    public static DateOnly? Day(JsonFields row, string name, DateOnly today)
    {
        if (row.Text(name) is not { } text)
        {
            return null;
        }

        CultureInfo everywhere = CultureInfo.InvariantCulture;
        return !DateOnly.TryParseExact(text, "yyyy-MM-dd", everywhere, DateTimeStyles.None, out DateOnly day)
            ? throw row.Wrong(name, "a day such as \"2026-10-10\"", text)
            : day > today ? throw row.Wrong(name, FormattableString.Invariant($"{today:yyyy-MM-dd} or earlier"), text)
            : day;
    }

    private sealed class Rows(Dictionary<string, Citation> sources, DateOnly today)
    {
        public InstancePrice Instance(JsonFields row)
        {
            var price = new InstancePrice
            {
                Provider = row.RequiredText("provider"),
                Instance = row.RequiredText("instance"),
                Gpu = Gpu(row),
                Gpus = Gpus(row),
                Region = row.Text("region") ?? "any",
                Kind = row.Text("kind") ?? "on-demand",
                UsdPerHour = Required(row, "usd_per_hour"),
                Date = Day(row, "date", today),
                Source = Source(row),
                Note = row.Text("note"),
            };
            row.RejectOthers();
            return price;
        }

        public ApiPrice Api(JsonFields row)
        {
            var price = new ApiPrice
            {
                Provider = row.RequiredText("provider"),
                Model = row.RequiredText("model"),
                Entry = row.Text("entry"),
                Input = row.NotNegative("input") ?? throw row.Missing("input", "a price a million tokens"),
                CachedInput = row.NotNegative("cached_input"),
                Output = Required(row, "output"),
                BatchInput = row.NotNegative("batch_input"),
                BatchOutput = row.NotNegative("batch_output"),
                Context = row.Integer("context", 1),
                Date = Day(row, "date", today),
                Source = Source(row),
                Note = row.Text("note"),
            };
            row.RejectOthers();
            return price;
        }

        public MachinePrice Machine(JsonFields row)
        {
            var price = new MachinePrice
            {
                Machine = row.RequiredText("machine"),
                Gpu = Gpu(row),
                Gpus = Gpus(row),
                Usd = Required(row, "usd"),
                Watts = row.Positive("watts"),
                Date = Day(row, "date", today),
                Source = Source(row),
                Note = row.Text("note"),
            };
            row.RejectOthers();
            return price;
        }

        private static double Required(JsonFields row, string name) =>
            row.Positive(name) ?? throw row.Missing(name, "a price in US dollars");

        private static int Gpus(JsonFields row) => row.Integer("gpus", 1) switch
        {
            null => 1,
            <= 1024 and { } number => (int)number,
            { } number => throw row.Wrong("gpus", "1 to 1,024 of one machine", number),
        };

        private static string Gpu(JsonFields row)
        {
            string name = row.RequiredText("gpu");
            if (GpuCatalog.TryFind(name, out LlmMath.Gpu? gpu))
            {
                return gpu.Name;
            }

            string nearest = string.Join(", ", GpuCatalog.Entries.Nearest(name));
            throw row.Wrong("gpu", "a GPU of the catalog" + (nearest.Length > 0 ? $" (nearest: {nearest})" : ""), name);
        }

        private Citation Source(JsonFields row) => row.Text("source") switch
        {
            null => s_own,
            { } name when sources.TryGetValue(name, out Citation? source) => source,
            { } name when sources.Count == 0 => new(name, s_own.Licence),
            { } name => throw row.Wrong("source", $"one of \"sources\" ({string.Join(", ", sources.Keys)})", name),
        };
    }
}
