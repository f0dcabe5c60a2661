using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>Hours of a GPU that a whole run took, as published, beside those that are estimated.</summary>
/// <param name="Model">The model.</param>
/// <param name="Estimates">One, or where layout or trainer is not known each that may be.</param>
/// <param name="Published">Hours of a GPU as published.</param>
internal sealed record TrainingHours(ModelDefinition Model, IReadOnlyList<TrainingEstimate> Estimates, double Published)
{
    private static readonly string[] s_trainers = ["llm-foundry", "megatron", "nemo-bridge", "torchtitan"];

    /// <summary>The GPU.</summary>
    public Gpu Gpu => Estimates[0].Deployment.Gpu!;

    /// <summary>Hours of a GPU as estimated: from the lowest to the highest of all, and their middle.</summary>
    public RateRange Estimate
    {
        get
        {
            RateRange[] all = [.. Estimates.Select(one => one.Speed!.GpuHours)];
            return new(all.Min(one => one.Low), Quantile.Of(all.Select(one => one.Expected), 0.5), all.Max(one => one.High));
        }
    }

    /// <summary>Whether the published hours lie in the range.</summary>
    public bool IsWithin => Published >= Estimate.Low && Published <= Estimate.High;

    /// <summary>The share of the 16-bit peak that 6ND ÷ hours is.</summary>
    public double Share => Estimates[0].Flops.SixTimesParameters * Estimates[0].Run.Tokens
        / (Published * 3600 * (Gpu.PeakRates.Bf16 ?? double.PositiveInfinity));

    /// <summary>The rows of catalog/evidence/training-hours.csv that are used.</summary>
    public static IReadOnlyList<TrainingHours> Read(string root)
    {
        var models = new EvidenceModels(root);
        return [.. Csv.Read(Path.Combine(root, "catalog/evidence/training-hours.csv")).Where(row => row["set"] == "used")
            .Select(row => Of(row, models.Find(row["model"])))];
    }

    private static TrainingHours Of(CsvRow row, ModelDefinition model)
    {
        Gpu gpu = GpuCatalog.Find(row["gpu"]);
        TrainingEstimate[] all = [.. (from trainer in TrainersOf(row, gpu)
                                      from layout in Layouts(row)
                                      select Of(row, model, gpu, trainer, layout))];
        // What is published ran; of what may have run only that which fits.
        return new(model, row["layout"] == "published" ? all : [.. all.Where(one => one.Fits != false)], row.Real("gpuHours"));
    }

    // The run's own, or each that was measured on the generation.
    private static IEnumerable<Engine> TrainersOf(CsvRow row, Gpu gpu) => row["trainer"].Length > 0
        ? [TrainerCatalog.Find(row["trainer"])]
        : s_trainers.Select(TrainerCatalog.Find).Where(trainer =>
            trainer.Training!.Generations.Any(generation => generation.Architecture == gpu.Architecture));

    private static IEnumerable<Layout> Layouts(CsvRow row) => row["layout"] == "published"
        ? [new(row.Integer("microBatch"), row.OptionalInteger("accumulation") ?? 1,
            Enum.Parse<Recomputation>(row["recompute"], ignoreCase: true),
            Enum.Parse<Sharding>(row["sharding"], ignoreCase: true),
            row.OptionalInteger("tp") ?? 1, row.OptionalInteger("pp") ?? 1, row.OptionalInteger("ep") ?? 0)]
        : from micro in (int[])[1, 2, 4]
          from again in (Recomputation[])[Recomputation.None, Recomputation.Full]
          from tensor in (int[])[1, 8]
          select new Layout(micro, 1, again, tensor == 1 ? Sharding.Zero3 : Sharding.Zero1, tensor, 1, 0);

    private static TrainingEstimate Of(CsvRow row, ModelDefinition model, Gpu gpu, Engine trainer, Layout layout)
    {
        int data = row.Integer("gpus") / (layout.Tensor * layout.Pipeline);
        return new Deployment(model, gpu, trainer, WeightFormat.Bf16)
        {
            Placement = new()
            {
                Tensor = layout.Tensor, Pipeline = layout.Pipeline, Data = data, Expert = layout.Expert,
                Sharding = layout.Sharding,
            },
        }.Training(new(TrainingMethod.Pretrain, (long)row.Real("tokens"))
        {
            SequenceLength = row.Integer("seq"),
            MicroBatch = layout.Micro,
            GlobalBatch = layout.Micro * data * layout.Accumulation,
            SequenceParallel = layout.Tensor > 1,
            Recomputation = layout.Again,
            Products = row["precision"] == "fp8" ? Architectures.ProductFormat.Float8 : Architectures.ProductFormat.Half,
            ExtendsContext = true,
        });
    }

    private sealed record Layout(int Micro, int Accumulation, Recomputation Again, Sharding Sharding, int Tensor, int Pipeline,
        int Expert);
}
