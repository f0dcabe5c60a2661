using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Calibration;

/// <summary>A buffer of catalog/evidence/local-memory.csv: what llama.cpp printed when it loaded a model whose tensors lie on
/// GPUs and in system memory.</summary>
internal sealed record LocalMemoryRow
{
    /// <summary>What was measured: weights-gpu, weights-host or cache.</summary>
    public required string Quantity { get; init; }

    /// <summary>What loaded what.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>Tokens of the context.</summary>
    public required int Context { get; init; }

    /// <summary>Bytes.</summary>
    public required double Bytes { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Source { get; init; }

    /// <summary>The rows, in the file's order.</summary>
    public static IReadOnlyList<LocalMemoryRow> Read(string root) =>
        [.. Csv.Read(Path.Combine(root, "catalog/evidence/local-memory.csv")).Select(Of)];

    /// <summary>What the library gives.</summary>
    public double Predict()
    {
        MemoryEstimate e = Deployment.Memory(Workload.OfContext(Context) with { ExtendsContext = true });
        return Quantity switch
        {
            "weights-gpu" => (double)e.Weights.Bytes - e.HostWeights.Bytes,
            "weights-host" => e.HostWeights.Bytes,
            "cache" => e.KeyValueCache.Bytes,
            _ => throw new InvalidDataException($"local-memory.csv: quantity {Quantity}"),
        };
    }

    /// <summary>|estimate ÷ measured − 1|.</summary>
    public double Error() => Math.Abs((Predict() / Bytes) - 1);

    /// <summary>Errors by what was measured.</summary>
    public static string Table(IReadOnlyList<LocalMemoryRow> rows)
    {
        var text = new System.Text.StringBuilder("| buffers | rows | median % | 90th percentile % |\n|---|--:|--:|--:|\n");
        foreach ((string name, Func<LocalMemoryRow, bool> isOf) in new (string, Func<LocalMemoryRow, bool>)[]
        {
            ("all", _ => true), ("weights on GPUs", row => row.Quantity == "weights-gpu"),
            ("weights in system memory", row => row.Quantity == "weights-host"), ("cache", row => row.Quantity == "cache"),
        })
        {
            double[] errors = [.. rows.Where(isOf).Select(row => 100 * row.Error()).Order()];
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {errors.Length} | {Quantile.Of(errors, 0.5):0.00} | {Quantile.Of(errors, 0.9):0.00} |\n");
        }

        return text.ToString();
    }

    private static LocalMemoryRow Of(CsvRow row)
    {
        int? layers = row.OptionalInteger("layers");
        ModelDefinition model = ModelCatalog.Find(row["model"]);
        CacheFormat keys = CacheFormat.Find(row["keys"] is { Length: > 0 } given ? given : "fp16");
        bool isAll = layers is null || layers > model.Architecture.LayerCount;
        return new()
        {
            Quantity = row["quantity"],
            Deployment = new(model, null, EngineCatalog.Find(row["engine"]), WeightFormat.Find(row["weights"]))
            {
                Keys = keys,
                Values = row["values"] is { Length: > 0 } values ? CacheFormat.Find(values) : keys,
                Placement = new() { Pipeline = isAll ? Math.Min(row.Integer("gpus"), model.Architecture.LayerCount) : 1 },
                Tensors = new()
                {
                    GpuLayers = isAll ? null : layers,
                    Rules = [.. row["rules"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TensorRule.Parse)],
                },
            },
            Context = row.OptionalInteger("context") ?? 512,
            Bytes = row.Real("value_mib") * (1 << 20),
            Source = row["source"],
        };
    }
}
