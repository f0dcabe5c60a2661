using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>Hours of a GPU that a whole run took, as published, beside those that are estimated.</summary>
/// <param name="On">The deployment, its layout mostly a guess.</param>
/// <param name="Run">The run.</param>
/// <param name="Published">Hours of a GPU as published.</param>
internal sealed record TrainingHours(Deployment On, TrainingRun Run, double Published)
{
    private readonly TrainingEstimate _estimate = On.Training(Run);

    /// <summary>Hours of a GPU as estimated.</summary>
    public RateRange Estimate => _estimate.Speed!.GpuHours;

    /// <summary>Whether the published hours lie in the range.</summary>
    public bool IsWithin => Published >= Estimate.Low && Published <= Estimate.High;

    /// <summary>The share of the 16-bit peak that 6ND ÷ hours is.</summary>
    public double Share => _estimate.Flops.SixTimesParameters * Run.Tokens
        / (Published * 3600 * (On.Gpu!.PeakRates.Bf16 ?? double.PositiveInfinity));

    /// <summary>The rows of catalog/evidence/training-hours.csv that are used.</summary>
    public static IReadOnlyList<TrainingHours> Read(string root)
    {
        var models = new EvidenceModels(root);
        return [.. Csv.Read(Path.Combine(root, "catalog/evidence/training-hours.csv")).Where(row => row["set"] == "used")
            .Select(row => Of(row, models.Find(row["model"])))];
    }

    private static TrainingHours Of(CsvRow row, ModelDefinition model)
    {
        int tensor = row.OptionalInteger("tp") ?? 1, pipeline = row.OptionalInteger("pp") ?? 1;
        int data = row.Integer("gpus") / (tensor * pipeline);
        var on = new Deployment(model, GpuCatalog.Find(row["gpu"]), TrainerCatalog.Find(row["trainer"]), WeightFormat.Bf16)
        {
            Placement = new()
            {
                Tensor = tensor, Pipeline = pipeline, Data = data, Expert = row.OptionalInteger("ep") ?? 0,
                Sharding = Enum.Parse<Sharding>(row["sharding"], ignoreCase: true),
            },
        };
        int micro = row.Integer("microBatch");
        return new(on, new(TrainingMethod.Pretrain, (long)row.Real("tokens"))
        {
            SequenceLength = row.Integer("seq"),
            MicroBatch = micro,
            // Stages of a pipeline have eight micro-batches each, so that they wait little.
            GlobalBatch = micro * data * (pipeline > 1 ? 8 * pipeline : 1),
            SequenceParallel = tensor > 1,
            Recomputation = Enum.Parse<Recomputation>(row["recompute"], ignoreCase: true),
            Products = row["precision"] == "fp8" ? Architectures.ProductFormat.Float8 : Architectures.ProductFormat.Half,
            ExtendsContext = true,
        }, row.Real("gpuHours"));
    }
}
