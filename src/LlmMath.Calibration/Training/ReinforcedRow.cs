using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>A measured step of reinforcement learning, with the phases that its source prints.</summary>
/// <param name="Set">What it is used for: <c>check</c>; <c>phases</c>, whose lengths are found from one phase;
/// <c>stand-in</c>, whose engine another stands for.</param>
/// <param name="Name">The run.</param>
/// <param name="On">The deployment that trains.</param>
/// <param name="Run">The run.</param>
/// <param name="Measured">Seconds by phase; <c>whole</c> of all steps.</param>
internal sealed record ReinforcedRow(string Set, string Name, Deployment On, TrainingRun Run,
    IReadOnlyDictionary<string, double> Measured)
{
    /// <summary>Seconds of a phase as estimated.</summary>
    public double Estimate(string phase)
    {
        TrainingSpeed speed = On.Training(Run).Speed!;
        return phase switch
        {
            "step" => speed.Step.Expected.TotalSeconds,
            "whole" => speed.Whole.Expected.TotalSeconds,
            _ => speed.Phases.Where(part => part.Name == phase).Sum(part => part.Milliseconds) / 1e3,
        };
    }

    /// <summary>Whether the measured time of a step lies in its range.</summary>
    public bool IsWithin(string phase)
    {
        TimeRange range = On.Training(Run).Speed! is var speed && phase == "whole" ? speed.Whole : speed.Step;
        return Measured[phase] >= range.Low.TotalSeconds && Measured[phase] <= range.High.TotalSeconds;
    }

    /// <summary>The rows of catalog/evidence/training-rl.csv that are used, a run each.</summary>
    public static IReadOnlyList<ReinforcedRow> Read(string root)
    {
        var models = new EvidenceModels(root);
        return [.. Csv.Read(Path.Combine(root, "catalog/evidence/training-rl.csv")).Where(row => row["set"] != "left-out")
            .GroupBy(row => row["run"]).Select(run => Of([.. run], models))];
    }

    private static ReinforcedRow Of(CsvRow[] rows, EvidenceModels models)
    {
        CsvRow row = rows[0];
        int tensor = row.OptionalInteger("tp") ?? 1, pipeline = row.OptionalInteger("pp") ?? 1;
        int context = row.OptionalInteger("cp") ?? 1, gpus = row.Integer("gpus"), experts = row.OptionalInteger("ep") ?? 1;
        ModelDefinition model = models.Find(row["model"]);
        var on = new Deployment(model, GpuCatalog.Find(row["gpu"]), TrainerCatalog.Find(row["trainer"]), WeightFormat.Bf16)
        {
            Node = NodeOf(row["gpu"]),
            Placement = new()
            {
                Tensor = tensor, Pipeline = pipeline, Context = context, Data = gpus / (tensor * pipeline * context),
                Expert = experts > 1 ? experts : 0, Sharding = Enum.Parse<Sharding>(row["sharding"], ignoreCase: true),
            },
        };
        double promptMean = row.Real("promptMean"), limit = row.Real("limit");
        int writing = row.OptionalInteger("rolloutGpus") ?? gpus, degree = row.Integer("rolloutTp");
        double? share = row.OptionalReal("engineShare");
        Engine engine = EngineCatalog.Vllm;
        double? mean = row.OptionalReal("completionMean");
        var run = new TrainingRun(row["method"] == "ppo" ? TrainingMethod.Ppo : TrainingMethod.Grpo, 135_000_000)
        {
            MicroBatch = row.Integer("microBatch"),
            GlobalBatch = row.Integer("globalBatch"),
            ExtendsContext = true,
            Recomputation = row["recompute"] == "full" ? Recomputation.Full : Recomputation.None,
            Reference = row["reference"] == "kept" ? ReferenceModel.Kept : ReferenceModel.None,
            Products = row["precision"] == "fp8" ? Architectures.ProductFormat.Float8 : Architectures.ProductFormat.Half,
            Rollout = new(TokenLengths.Fixed((long)promptMean), Lengths(mean ?? limit / 8, (long)(limit - promptMean)))
            {
                Prompts = row.Integer("prompts"),
                Group = row.Integer("group"),
                Mode = row["mode"] switch
                {
                    "colocated" => RolloutMode.Colocated,
                    "one-off" => RolloutMode.OneStepOff,
                    _ => RolloutMode.Asynchronous,
                },
                EngineShare = share ?? 0.5,
                Critic = row["roles"].Length == 0 ? null : models.Find(row["roles"]),
                Reward = row["roles"].Length == 0 ? null : models.Find(row["roles"]),
                By = new(model, on.Gpu, engine, row["precision"] == "fp8" ? WeightFormat.Fp8 : WeightFormat.Bf16)
                {
                    Placement = new() { Tensor = degree, Data = writing / degree }, Node = on.Node,
                },
            },
        };
        var found = new ReinforcedRow(row["set"], row["run"], on, run, rows.ToDictionary(one => one["phase"],
            one => one.Real("value") * (one["unit"] == "h" ? 3600 : 1)));
        return mean is null ? found.WithLengths() : found;
    }

    // Eight GPUs with a 400 Gb/s adapter each, as DGX H100 has them (A100: 200); of GB200 72 in one domain of NVLink.
    private static Node NodeOf(string gpu) => gpu == "gb200" ? new() { Gpus = 72, NetworkBytesPerSecond = 1e11 }
        : new() { NetworkBytesPerSecond = gpu.StartsWith("a100", StringComparison.Ordinal) ? 5e10 : 1e11 };

    // The mean answer whose update takes as long as the measured one.
    private ReinforcedRow WithLengths()
    {
        TokenLengths prompt = Run.Rollout!.Prompt, answer = Run.Rollout.Completion;
        double low = 16, high = answer.Limit;
        for (int i = 0; i < 30; i++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = With(middle).Estimate("update") < Measured["update"] ? (middle, high) : (low, middle);
        }

        return With(low);

        ReinforcedRow With(double mean) =>
            this with { Run = Run with { Rollout = Run.Rollout! with { Completion = Lengths(mean, answer.Limit) } } };
    }

    private static TokenLengths Lengths(double mean, long limit) =>
        new(Math.Min(mean, limit), 0, limit);
}
