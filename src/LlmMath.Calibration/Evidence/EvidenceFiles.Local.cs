using LlmMath.Architectures;

namespace LlmMath.Calibration;

/// <summary>The rows of <c>catalog/evidence/speed.csv</c>: one sequence on one machine, and TensorRT-LLM at full load.</summary>
internal static partial class EvidenceFiles
{
    // Full load: more than any engine's batch, so that the cache's room decides, as far as an engine's default limit of 2,048
    // sequences.
    private const int SaturatedBatch = 2048;

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
            var workload = new Workload(cached + Math.Max(1, prompt), Math.Max(1, output), isSaturated ? SaturatedBatch : 1)
            {
                CachedPromptTokens = cached,
                Arrival = isSaturated ? Arrival.Continuous : Arrival.Together,
                ExtendsContext = true,
            };
            Deployment deployment = DeploymentOf(row);
            deployment = deployment with
            {
                Engine = row.OptionalInteger("pass") is { } pass ? deployment.Engine!.WithPass(pass) : deployment.Engine,
                Keys = isSaturated ? CacheFormat.Fp8 : CacheFormat.Fp16,
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
}
