using LlmMath.Architectures;
using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>The measurements in <c>catalog/evidence</c> as observations, in an order that does not depend on the
/// files'.</summary>
internal static partial class EvidenceFiles
{
    /// <summary>The one file that every row of serving.csv comes from; the evidence's head names its commit.</summary>
    public const string ServingSource = "ai-dynamo/aiconfigurator";

    /// <summary>Servers that answer many requests at once.</summary>
    public static List<Observation> Serving(string root)
    {
        var all = new List<Observation>();
        foreach (CsvRow row in Csv.Read(Path.Combine(root, "catalog/evidence/serving.csv")))
        {
            if (row["speculation"].Length > 0)
            {
                continue;
            }

            bool isWide = row["weights"] == "bf16";
            int data = row.Integer("data"), tensor = row.Integer("tensor");
            var workload = new InferenceWorkload(row.Integer("prompt"), row.Integer("output"), row.Integer("concurrency"))
            {
                Parallelism = new Parallelism { Tensor = tensor, Data = data, Expert = data > 1 ? tensor * data : 0 },
                Cache = isWide ? CacheFormat.Bf16 : CacheFormat.Fp8,
                Arrival = Arrival.Continuous,
                PollSteps = row.OptionalInteger("poll_steps") ?? 1,
                GatherSteps = row.OptionalInteger("gather_steps") ?? 0,
            };
            Observation observation = Observe(ServingSource, row, workload, Metric.InterToken, row.Real("tpot_ms") / 1e3) with
            {
                Rows = row.Integer("rows"),
                Release = row["version"].Length > 0 ? row["version"] : row["measured"][..7],
            };
            all.Add(observation);
            all.Add(observation with { Metric = Metric.FirstToken, Seconds = row.Real("ttft_ms") / 1e3 });
        }

        return Weighting.ByCampaign(Weighting.BySetting(all));
    }

    private static Observation Observe(string source, CsvRow row, in InferenceWorkload workload, Metric metric, double seconds)
    {
        ModelDefinition model = ModelCatalog.Find(row["model"]);
        Engine engine = EngineCatalog.Find(row["engine"]);
        Gpu gpu = GpuCatalog.Find(row["gpu"]);
        var weights = WeightFormat.Find(row["weights"]);
        Deployment on = InferenceSpeed.Deploy(model.Architecture, gpu, engine, workload, weights);
        return new()
        {
            Engine = engine,
            Model = model,
            Gpu = gpu,
            Weights = weights,
            Metric = metric,
            Seconds = seconds,
            On = on,
            Load = InferenceSpeed.Load(model, gpu, engine, workload, weights),
            Source = source,
            Key = string.Join(',', row.Cells),
        };
    }
}
