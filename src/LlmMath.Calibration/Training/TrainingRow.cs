using LlmMath.Training;
using LlmMath.Training.Memory;
using LlmMath.Training.Steps;

namespace LlmMath.Calibration;

/// <summary>A measured rate of training, with the work of its run.</summary>
/// <param name="Trainer">Who trained.</param>
/// <param name="On">The deployment.</param>
/// <param name="Run">The run.</param>
/// <param name="TokensPerSecond">Tokens a second on each GPU, as measured.</param>
/// <param name="Release">The framework's release; empty where it is not stated.</param>
internal sealed record TrainingRow(
    string Trainer, Deployment On, TrainingRun Run, double TokensPerSecond, string Release)
{
    /// <summary>What a token of it costs.</summary>
    public StepWork Work { get; } = StepWork.Of(new PlacedRun(On, Run));

    /// <summary>The GPU.</summary>
    public Gpu Gpu => On.Gpu!;

    /// <summary>What is left out together: the model on the GPU.</summary>
    public string Fold => $"{On.Model} on {On.Gpu}";

    /// <summary>What is the same of runs that differ in their release alone.</summary>
    public string Setup => $"{Trainer} {Fold} {On.Placement} {Run.Method} {Run.SequenceLength} {Run.MicroBatch} {Run.Products} "
        + $"{Run.Recomputation}";

    /// <summary>Whether layers have experts.</summary>
    public bool IsMixture => On.Model.Architecture.HasExperts;

    /// <summary>The generation.</summary>
    public string Generation => Gpu.Architecture ?? Gpu.Name;

    /// <summary>ln(estimated time ÷ measured time) with constants.</summary>
    public double LogError(ReadOnlySpan<double> values) =>
        Math.Log(StepTime.Of(Work, values, Run.Products, Gpu).Total * TokensPerSecond);

    /// <summary>The rows of catalog/evidence/training.csv that are used.</summary>
    public static IReadOnlyList<TrainingRow> Read(string root)
    {
        var models = new EvidenceModels(root);
        return [.. Csv.Read(Path.Combine(root, "catalog/evidence/training.csv")).Where(row => row["set"] == "fit")
            .Select(row => Of(row, models.Find(row["model"])))];
    }

    private static TrainingRow Of(CsvRow row, ModelDefinition model)
    {
        int tensor = row.OptionalInteger("tp") ?? 1, pipeline = row.OptionalInteger("pp") ?? 1;
        int context = row.OptionalInteger("cp") ?? 1, data = row.Integer("gpus") / (tensor * pipeline * context);
        int experts = row.OptionalInteger("ep") ?? 1;
        bool packed = row["method"] == "qlora", adapted = packed || row["method"] == "lora";
        var on = new Deployment(model, GpuCatalog.Find(row["gpu"]), packed ? TrainerCatalog.HfPeft : TrainerCatalog.Reference,
            packed ? WeightFormat.Nf4 : WeightFormat.Bf16)
        {
            Placement = new()
            {
                Tensor = tensor, Pipeline = pipeline, Context = context, Data = data, Expert = experts > 1 ? experts : 0,
                Sharding = row["sharding"].Length == 0 ? Sharding.None : Enum.Parse<Sharding>(row["sharding"], ignoreCase: true),
            },
        };
        int micro = row.Integer("microBatch"), global = row.OptionalInteger("globalBatch") ?? micro * data;
        var run = new TrainingRun(
            packed ? TrainingMethod.QLora : adapted ? TrainingMethod.Lora : TrainingMethod.Pretrain, 1_000_000)
        {
            SequenceLength = row.Integer("seq"),
            MicroBatch = micro,
            GlobalBatch = Math.Max(1, global / (micro * data)) * micro * data,
            Interleaving = 1,
            Adapter = adapted ? new LoraSpec(row.Integer("rank"), row["targets"].Split(' ')) : null,
            Recomputation = row["recompute"] switch
            {
                "full" => Recomputation.Full,
                "selective" => Recomputation.Selective,
                "by-operator" => Recomputation.ByOperator,
                _ => Recomputation.None,
            },
            Products = row["precision"] switch
            {
                "fp8" => Architectures.ProductFormat.Float8,
                "fp4" => Architectures.ProductFormat.Float4,
                _ => Architectures.ProductFormat.Half,
            },
            ExtendsContext = true,
        };
        if ((row.OptionalInteger("vp") ?? 1) is > 1 and int runs && model.Architecture.LayerCount % (pipeline * runs) == 0
            && pipeline > 1)
        {
            run = run with { Interleaving = runs };
        }

        return new(row["trainer"], on, run, row.Real("tokensPerSecondPerGpu"), row["release"]);
    }
}
