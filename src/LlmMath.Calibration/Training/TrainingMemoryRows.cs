using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>Reads catalog/evidence/training-memory.csv: the rows that are used.</summary>
internal static class TrainingMemoryRows
{
    /// <summary>What a process holds on the T4 beside the allocator, in bytes, as its runs print: 140.875 MiB.</summary>
    public const double TeslaContext = 140.875 * (1 << 20);

    private const string LeftOut = "left-out";

    /// <summary>The rows, in the file's order.</summary>
    public static IReadOnlyList<TrainingMemoryRow> Read(string root)
    {
        var models = new EvidenceModels(root);
        return [.. Csv.Read(Path.Combine(root, "catalog/evidence/training-memory.csv")).Where(row => row["set"] != LeftOut)
            .Select(row => Of(root, row, models.Find(row["model"])))];
    }

    // Those of the catalog, and those that only the evidence has.
    private static Engine TrainerOf(string root, string name)
    {
        string path = Path.Combine(root, "catalog/evidence/trainers", name + ".json");
        return File.Exists(path) ? TrainerCatalog.Read(new MemoryStream(File.ReadAllBytes(path)), name)
            : TrainerCatalog.Find(name);
    }

    private static TrainingMemoryRow Of(string root, CsvRow row, ModelDefinition model)
    {
        int tensor = row.OptionalInteger("tp") ?? 1, pipeline = row.OptionalInteger("pp") ?? 1;
        int context = row.OptionalInteger("cp") ?? 1;
        int data = row.Integer("gpus") / (tensor * pipeline * context);
        var on = new Deployment(model, row["gpu"].Length == 0 ? null : GpuCatalog.Find(row["gpu"]),
            TrainerOf(root, row["trainer"]), WeightFormat.Find(row["weights"]))
        {
            Placement = new()
            {
                Tensor = tensor, Pipeline = pipeline, Context = context, Data = data,
                Sharding = row["sharding"] switch
                {
                    "" => Sharding.None,
                    var name => Enum.Parse<Sharding>(name, ignoreCase: true),
                },
            },
        };
        int micro = row.Integer("microBatch"), accumulation = row.OptionalInteger("accumulation") ?? 1;
        string offload = row["offload"];
        var run = new TrainingRun(Enum.Parse<TrainingMethod>(row["method"], ignoreCase: true), 1_000_000)
        {
            SequenceLength = row.Integer("seq"),
            MicroBatch = micro,
            GlobalBatch = micro * data * accumulation,
            Recipe = row["recipe"].Length == 0 ? null : StateRecipe.Find(row["recipe"]),
            Optimizer = Optimizer.Find(row["optimizer"]),
            Recomputation = row["recompute"] switch
            {
                "full" => Recomputation.Full,
                "none" => Recomputation.None,
                "selective" => Recomputation.Selective,
                "by-operator" => Recomputation.ByOperator,
                var other => throw new InvalidDataException($"training-memory.csv: recompute {other}"),
            },
            SequenceParallel = tensor > 1,
            Attention = row["attention"] == "eager" ? AttentionKernel.Eager : AttentionKernel.Flash,
            Loss = Enum.Parse<LossKernel>(row["loss"], ignoreCase: true),
            Adapter = row["rank"].Length == 0 ? null : new LoraSpec(row.Integer("rank"), row["targets"].Split(' '))
            {
                ModulesToSave = row["note"].Contains("embeddings and head trained too", StringComparison.Ordinal)
                    ? ["wte", "lm_head"] : [],
                HasDropout = row["note"].Contains("with dropout", StringComparison.Ordinal),
            },
            Offload = (offload.Contains("optimizer", StringComparison.Ordinal) ? Offload.Optimizer : 0)
                | (offload.Contains("parameters", StringComparison.Ordinal) ? Offload.Parameters : 0)
                | (offload.Contains("activations", StringComparison.Ordinal) ? Offload.Activations : 0),
            OptimizerInBackward = offload.Contains("backward", StringComparison.Ordinal),
            ExtendsContext = true,
        };
        double unit = row["unit"] switch
        {
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "GB" => 1e9,
            var other => throw new InvalidDataException($"training-memory.csv: unit {other}"),
        };
        return new(row["set"], on, run, row["peak"], row.Real("value") * unit, row["note"],
            (row.OptionalReal("beside") ?? 0) * (1 << 20));
    }
}
