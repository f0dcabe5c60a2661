using LlmMath.Architectures;
using LlmMath.Speed.Serving;

namespace LlmMath.Calibration;

/// <summary>The rows of <c>catalog/evidence/speed.csv</c>: one sequence on one machine, and TensorRT-LLM at full load.</summary>
internal static partial class EvidenceFiles
{
    // Where a source does not say how long its texts were: a short prompt and a few hundred tokens, whose cache is small beside
    // the weights.
    private const int UnstatedOutput = 256;

    /// <summary>All rows of the file on GPUs whose bandwidth is known.</summary>
    public static List<Observation> Local(string root)
    {
        var all = new List<Observation>();
        foreach (CsvRow row in Csv.Read(Path.Combine(root, "catalog/evidence/speed.csv")))
        {
            if (GpuCatalog.Find(row["gpu"]).BytesPerSecond is null)
            {
                continue;
            }

            int cached = row.OptionalInteger("cached") ?? 0, prompt = row.OptionalInteger("prompt") ?? 0;
            int output = row.OptionalInteger("output") ?? UnstatedOutput;
            Metric metric = row["metric"] switch
            {
                "prefill" => Metric.PrefillPass,
                "decode" => Metric.InterToken,
                _ => Metric.Saturated,
            };
            bool isSaturated = metric == Metric.Saturated;
            var workload = new Workload(cached + Math.Max(1, prompt), Math.Max(1, output),
                isSaturated ? SaturatedRun.Requests(prompt, output) : 1)
            {
                CachedPromptTokens = cached,
                Arrival = Arrival.Together,
                ExtendsContext = true,
            };
            Deployment deployment = DeploymentOf(row);
            deployment = isSaturated ? Saturated(deployment, row, workload) : deployment with
            {
                Engine = row.OptionalInteger("pass") is { } pass ? deployment.Engine!.WithPass(pass) : deployment.Engine,
                Keys = CacheFormat.Fp16,
                Placement = new() { Tensor = row.Integer("tensor"), Pipeline = row.Integer("pipeline") },
            };
            double rate = row.Real("tokens_per_second");
            Observation observation = Observe(row["source"], row, deployment, workload, metric,
                metric == Metric.PrefillPass ? prompt / rate : 1 / rate)
                with { Release = isSaturated ? row["release"] : null };
            // llama.cpp's builds that use flash attention multiply packed weights as they are, too.
            all.Add(row["flash"] != "yes" ? observation
                : observation with { On = observation.On with { WritesScores = false, UnpacksWeights = false } });
        }

        return Weighting.BySetting(all);
    }

    // Mixtures ran with attention in data parallel and each expert on one GPU of its stage.
    private static Deployment Saturated(Deployment deployment, CsvRow row, Workload workload)
    {
        int tensor = row.Integer("tensor"), pipeline = row.Integer("pipeline");
        bool isMixture = deployment.Model.Architecture.Blocks.Any(block => block.FeedForwards.Any(l => l.ExpertElements > 0));
        Deployment on = deployment with
        {
            Engine = deployment.Engine!.WithShare(SaturatedRun.MemoryShare),
            Keys = CacheFormat.Fp8,
            Placement = isMixture && tensor > 1
                ? new() { Data = tensor, Expert = tensor, Pipeline = pipeline }
                : new() { Tensor = tensor, Pipeline = pipeline },
        };
        double room = on.Placement.Data * ServingLoad.RoomAt(on.Placed, workload, workload.Context);
        return on with
        {
            Engine = on.Engine.WithPass(
                SaturatedRun.PassTokens(room, workload.PromptTokens, workload.OutputTokens, pipeline)),
        };
    }
}
