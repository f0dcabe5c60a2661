using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>The measurements in <c>catalog/evidence</c> as observations, in an order that does not depend on the
/// files'.</summary>
internal static partial class EvidenceFiles
{
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
                PollSteps = row["poll_steps"].Length > 0 ? row.Integer("poll_steps") : 1,
                GatherSteps = row["gather_steps"].Length > 0 ? row.Integer("gather_steps") : 0,
            };
            Observation observation = Observe(root, row, workload, Metric.InterToken, row.Real("tpot_ms") / 1e3) with
            {
                Rows = row.Integer("rows"),
                Release = row["version"].Length > 0 ? row["version"] : row["measured"][..7],
            };
            all.Add(observation);
            all.Add(observation with { Metric = Metric.FirstToken, Seconds = row.Real("ttft_ms") / 1e3 });
        }

        return ByCampaign(Weighted(all));
    }

    /// <summary>Gives rows of one campaign their weight together.</summary>
    public static List<Observation> ByCampaign(List<Observation> all) =>
    [
        .. all.GroupBy(o => (o.Engine, o.Release, o.Group, o.Weights, o.Metric)).SelectMany(campaign =>
        {
            double weight = Math.Sqrt(UsualCampaign / campaign.Sum(o => o.Weight));
            return campaign.Select(o => o with { CampaignWeight = weight });
        }).OrderBy(o => o.Key, StringComparer.Ordinal).ThenBy(o => o.Metric),
    ];

    // Rows of a campaign that count fully.
    private const double UsualCampaign = 20;

    /// <summary>A model of the catalog, or one whose config stands beside this program because only the evidence needs
    /// it.</summary>
    public static ModelDefinition Model(string root, string name)
    {
        if (ModelCatalog.Entries.TryFind(name, out ModelDefinition? model))
        {
            return model;
        }

        using FileStream stream = File.OpenRead(Path.Combine(root, $"src/LlmMath.Calibration/models/{name}.json"));
        return HuggingFaceConfig.Read(stream, name);
    }

    private static readonly Dictionary<string, ModelDefinition> s_models = new(StringComparer.Ordinal);

    private static Observation Observe(string root, CsvRow row, in InferenceWorkload workload, Metric metric, double seconds)
    {
        if (!s_models.TryGetValue(row["model"], out ModelDefinition? model))
        {
            s_models[row["model"]] = model = Model(root, row["model"]);
        }

        Engine engine = EngineCatalog.Find(row["engine"]);
        Gpu gpu = GpuCatalog.Find(row["gpu"]);
        Deployment on = InferenceSpeed.Deploy(model.Architecture, gpu, engine, workload, WeightFormat.Find(row["weights"]));
        return new()
        {
            Engine = engine.Name,
            Model = model,
            Gpu = gpu,
            Weights = row["weights"],
            Metric = metric,
            Seconds = seconds,
            On = on,
            Load = InferenceSpeed.Load(model, gpu, engine, workload, WeightFormat.Find(row["weights"])),
            Key = string.Join(',', row.Cells),
        };
    }

    // A setting that was measured several times counts once.
    private static List<Observation> Weighted(List<Observation> all) =>
    [
        .. all.GroupBy(o => (o.Engine, o.Group, o.Weights, o.Metric, o.On.Tensor, o.On.Expert, o.On.Pipeline, o.Load))
            .SelectMany(same => same.Select(o => o with { Weight = 1.0 / same.Count() }))
            .OrderBy(o => o.Key, StringComparer.Ordinal).ThenBy(o => o.Metric),
    ];
}
