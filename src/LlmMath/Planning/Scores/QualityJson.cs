using System.Globalization;
using LlmMath.Interchange;
using LlmMath.Interchange.Json;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning.Scores;

/// <summary>Scores and losses from JSON, strictly: what nobody asked for is an error.</summary>
internal static class QualityJson
{
    public static ValueList<BenchmarkScore> Scores(ReadOnlySpan<byte> utf8)
    {
        var root = new JsonFields(PriceJson.Object(utf8));
        root.Text("$schema");
        Dictionary<string, Citation> sources = PriceJson.Sources(root);
        var scores = new List<BenchmarkScore>();
        foreach (JsonFields row in root.List("scores"))
        {
            (string model, string by) = (row.RequiredText("model"), row.RequiredText("by"));
            (string? setting, string? note) = (row.Text("setting"), row.Text("note"));
            Citation source = Source(row, sources);
            JsonFields values = row.Fields("scores") ?? throw row.Missing("scores", "scores by benchmark");
            foreach (ConfigField field in row.Section("scores")!.Fields)
            {
                scores.Add(new(model, field.Name, Number(values, field.Name), by, setting, note, source));
            }

            row.RejectOthers();
        }

        root.RejectOthers();
        return [.. scores];
    }

    public static ValueList<QuantizationLoss> Losses(ReadOnlySpan<byte> utf8)
    {
        var root = new JsonFields(PriceJson.Object(utf8));
        root.Text("$schema");
        Dictionary<string, Citation> sources = PriceJson.Sources(root);
        var losses = new List<QuantizationLoss>();
        foreach (JsonFields row in root.List("losses"))
        {
            losses.Add(new(row.RequiredText("model"), row.Text("entry"), row.RequiredText("format"), Kind(row),
                row.RequiredText("metric"), Number(row, "value"), Number(row, "baseline"), row.Text("scheme"),
                Source(row, sources)));
            row.RejectOthers();
        }

        root.RejectOthers();
        return [.. losses];
    }

    private static LossKind Kind(JsonFields row) => row.RequiredText("kind") switch
    {
        "perplexity" => LossKind.Perplexity,
        "accuracy" => LossKind.Accuracy,
        "kl" => LossKind.Divergence,
        { } other => throw row.Wrong("kind", "perplexity, accuracy or kl", other),
    };

    private static double Number(JsonFields row, string name) =>
        row.NotNegative(name) ?? throw row.Missing(name, "a number, 0 or more");

    private static Citation Source(JsonFields row, Dictionary<string, Citation> sources)
    {
        string name = row.RequiredText("source");
        return sources.TryGetValue(name, out Citation? source) ? source
            : throw row.Wrong("source", $"one of \"sources\" ({string.Join(", ", sources.Keys.Take(20))})", name);
    }
}
