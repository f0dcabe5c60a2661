using LlmMath.Architectures;

namespace LlmMath.Calibration;

/// <summary>Reads catalog/evidence/memory.csv.</summary>
internal static class MemoryRows
{
    /// <summary>The rows, in the file's order.</summary>
    public static IReadOnlyList<MemoryRow> Read(string root)
    {
        var models = new EvidenceModels(root);
        return [.. Csv.Read(Path.Combine(root, "catalog/evidence/memory.csv")).Select(row => Of(row, models.Find(row["model"])))];
    }

    private static MemoryRow Of(CsvRow row, ModelDefinition model) => new()
    {
        Use = row["set"] switch
        {
            "fit" => RowUse.Fit,
            "check" => RowUse.Check,
            "held-out" => RowUse.HeldOut,
            "other" => RowUse.Other,
            var other => throw new InvalidDataException($"memory.csv: set {other}"),
        },
        Quantity = QuantityOf(row["quantity"]),
        Engine = EngineCatalog.Find(row["engine"]),
        Model = model,
        Weights = WeightFormat.Find(row["weights"]),
        Keys = Cache(row["cache"]),
        Values = Cache(row["values"]),
        Gpu = row["gpu"] is "" or "cpu" ? null : GpuCatalog.Find(row["gpu"]),
        IsOnCpu = row["gpu"] == "cpu",
        Tensor = row.OptionalInteger("tp") ?? 1,
        Pipeline = row.OptionalInteger("pp") ?? 1,
        Batch = row.OptionalInteger("batch") ?? 1,
        Prompt = row.OptionalInteger("prompt"),
        Context = row.OptionalInteger("context"),
        PassTokens = row.OptionalInteger("passTokens"),
        Sequences = row.OptionalInteger("sequences"),
        ScoreBytes = row.OptionalReal("scoreBytes"),
        HasWindows = row["windows"] != "off",
        Bytes = row.Real("value") * Unit(row["unit"]),
        Source = row["source"],
        Note = row["note"],
    };

    private static CacheFormat? Cache(string name) => name.Length > 0 ? CacheFormat.Find(name) : null;

    private static double Unit(string name) => name switch
    {
        "bytes" => 1,
        "GB" => 1e9,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => throw new InvalidDataException($"memory.csv: unit {name}"),
    };

    private static Quantity QuantityOf(string name) => name switch
    {
        "total" => Quantity.Total,
        "per-gpu" => Quantity.PerGpu,
        "allocated" => Quantity.Allocated,
        "weights" => Quantity.Weights,
        "file" => Quantity.File,
        "activation" => Quantity.Activation,
        "activation-gpu" => Quantity.ActivationGpu,
        "device-buffer" => Quantity.DeviceBuffer,
        "host-buffer" => Quantity.HostBuffer,
        "loaded" => Quantity.Loaded,
        "profiled" => Quantity.Profiled,
        "kv-per-token" => Quantity.CacheToken,
        "kv-per-token-gpu" => Quantity.CacheTokenGpu,
        "cache" => Quantity.Cache,
        "state" => Quantity.State,
        _ => throw new InvalidDataException($"memory.csv: quantity {name}"),
    };
}
