using LlmMath.Architectures;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

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
            if (row["speculation"].Length > 0 || row["left_out"].Length > 0)
            {
                continue;
            }

            (Deployment deployment, Workload workload) = Served(row);
            Observation observation = Observe(ServingSource, row, deployment, workload, Metric.InterToken,
                row.Real("tpot_ms") / 1e3) with
            {
                Rows = row.Integer("rows"),
                Release = row["version"].Length > 0 ? row["version"] : row["measured"][..7],
            };
            observation = observation with { Load = AsSent(observation.Load, row) };
            all.Add(observation);
            all.Add(observation with { Metric = Metric.FirstToken, Seconds = row.Real("ttft_ms") / 1e3 });
        }

        return Weighting.ByCampaign(Weighting.BySetting(all));
    }

    // A loop of equal lengths starts all at once, too; a server may have places for fewer than were sent.
    private static ServingLoad AsSent(in ServingLoad load, CsvRow row) => load with
    {
        FirstRound = 1 / ServingLoad.BenchmarkRounds,
        Room = Math.Min(load.Room, row.OptionalInteger("places") ?? double.PositiveInfinity),
    };

    /// <summary>What a row of serving.csv was measured of.</summary>
    internal static (Deployment Deployment, Workload Workload) Served(CsvRow row)
    {
        int data = row.Integer("data"), tensor = row.Integer("tensor");
        // Drawn evenly from a share of the stated length up to it.
        double mean = row["least_share"].Length > 0 ? (1 + row.Real("least_share")) / 2 : 1;
        var workload = new Workload((long)Math.Round(mean * row.Integer("prompt")),
            (long)Math.Round(mean * row.Integer("output")), row.Integer("concurrency"))
        {
            PollSteps = row.OptionalInteger("poll_steps") ?? 1,
            GatherSteps = row.OptionalInteger("gather_steps") ?? 0,
            Arrival = row["in_step"].Length > 0 ? Arrival.InStep : null,
        };
        if (row.OptionalInteger("attention_data") is { } replicas)
        {
            (data, tensor) = (replicas, 1);
        }

        Deployment deployment = DeploymentOf(row);
        return (deployment with
        {
            Engine = AsTold(deployment.Engine!, row),
            Keys = row["weights"] == "bf16" || row["cache"] == "bf16" ? CacheFormat.Bf16 : CacheFormat.Fp8,
            Placement = new()
            {
                Tensor = tensor, Data = data, Expert = data > 1 ? tensor * data : row.OptionalInteger("expert") ?? 0,
            },
        }, workload);
    }

    // With the pass, the sequences and the share of the memory that the script of the day told the server.
    private static Engine AsTold(Engine engine, CsvRow row)
    {
        engine = row.OptionalInteger("sequences") is { } sequences
            ? engine with { Pass = engine.Pass with { FixedLogitRows = sequences } } : engine;
        engine = row.OptionalInteger("pass_tokens") is { } pass ? engine.WithPass(pass) : engine;
        return row["memory_share"].Length > 0 ? engine.WithShare(row.Real("memory_share")) : engine;
    }

    /// <summary>What a row says of model, GPU, engine and weights.</summary>
    internal static Deployment DeploymentOf(CsvRow row)
    {
        ModelDefinition model = ModelCatalog.Find(row["model"]);
        return new(model, GpuCatalog.Find(row["gpu"]), EngineCatalog.Find(row["engine"]),
            row["weights"] == "own" ? model.CheckpointFormat! : WeightFormat.Find(row["weights"]));
    }

    private static Observation Observe(
        string source, CsvRow row, Deployment deployment, Workload workload, Metric metric, double seconds) =>
        Observe(source, string.Join(',', row.Cells), deployment, workload, metric, seconds);

    private static Observation Observe(
        string source, string key, Deployment deployment, Workload workload, Metric metric, double seconds) => new()
    {
        Engine = deployment.Engine!,
        Model = deployment.Model,
        Gpu = deployment.Gpu!,
        Weights = deployment.Weights,
        Metric = metric,
        Seconds = seconds,
        On = DeployedModel.Of(deployment.Placed),
        Load = ServingLoad.Of(deployment.Placed, workload),
        Source = source,
        Key = key,
        Workload = workload,
    };
}
