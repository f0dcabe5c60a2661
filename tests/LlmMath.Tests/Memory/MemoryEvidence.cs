using System.Globalization;
using System.Text.Json;

namespace LlmMath.Tests.Memory;

/// <summary>A measured figure of catalog/evidence/memory.csv.</summary>
public sealed record MemoryEvidence(
    string Set, string Quantity, string Engine, string Model, string Weights, string Cache, string ValueCache, string GpuName,
    int Tp, int Pp, int Batch, long? Prompt, long? Context, long? PassTokens, long? Sequences, double? ScoreBytes,
    bool HasWindows, double Bytes, string Source, string Note)
{
    private static readonly Dictionary<string, ModelDefinition> s_models = ReadModels();

    /// <summary>The rows, in the file's order.</summary>
    public static IReadOnlyList<MemoryEvidence> All { get; } = Read();

    /// <summary>The catalog's entry, or a model that only the evidence has.</summary>
    public ModelDefinition Definition =>
        s_models.TryGetValue(Model, out ModelDefinition? model) ? model : ModelCatalog.Find(Model);

    /// <summary>Where it was measured; null where nobody said, or on no GPU.</summary>
    public Gpu? Gpu => GpuName is "" or "cpu" ? null : GpuCatalog.Find(GpuName);

    private static List<MemoryEvidence> Read()
    {
        string[] lines = File.ReadAllLines(Path.Combine(LlmMath.Testing.Repository.Root, "catalog", "evidence", "memory.csv"));
        string[] names = Split(lines[0]);
        return [.. lines.Skip(1).Select(line =>
        {
            string[] cells = Split(line);
            string Text(string name) => cells[Array.IndexOf(names, name)];
            long? Whole(string name) =>
                Text(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
            double? Real(string name) =>
                Text(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
            double unit = Text("unit") switch
            {
                "bytes" => 1,
                "GB" => 1e9,
                "MiB" => 1 << 20,
                "GiB" => 1 << 30,
                var other => throw new InvalidDataException($"unit {other}"),
            };
            return new MemoryEvidence(Text("set"), Text("quantity"), Text("engine"), Text("model"), Text("weights"),
                Text("cache"), Text("values"), Text("gpu"),
                (int)(Whole("tp") ?? 1), (int)(Whole("pp") ?? 1), (int)(Whole("batch") ?? 1), Whole("prompt"), Whole("context"),
                Whole("passTokens"), Whole("sequences"), Real("scoreBytes"), Text("windows") != "off",
                Real("value")!.Value * unit, Text("source"), Text("note"));
        })];
    }

    private static string[] Split(string line)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        bool quoted = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return [.. cells];
    }

    private static Dictionary<string, ModelDefinition> ReadModels()
    {
        string text = File.ReadAllText(Path.Combine(LlmMath.Testing.Repository.Root, "catalog", "evidence",
            "memory-models.json"));
        using var document = JsonDocument.Parse(text);
        return document.RootElement.EnumerateObject().ToDictionary(model => model.Name, model =>
            HuggingFaceConfig.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(model.Value.GetRawText())), model.Name));
    }
}
