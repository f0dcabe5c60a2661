namespace LlmMath.Tests.Speed;

/// <summary>The bound of the hardware is one: no estimate of an engine beats it, on drawn requests.</summary>
public class BoundTests
{
    private const int Requests = 20_000;

    private static readonly (string Model, string Weights)[] s_models =
    [
        ("llama-3.1-8b", "bf16"), ("llama-3.1-8b", "fp8"), ("llama-3.1-70b", "fp8"), ("llama-3.1-70b", "nvfp4"),
        ("qwen3-32b", "fp8"), ("gemma-3-27b-it", "bf16"), ("mixtral-8x7b", "bf16"), ("gpt-oss-120b", "mxfp4"),
        ("qwen3-235b-a22b", "fp8"), ("deepseek-v3", "fp8"), ("kimi-k2-instruct", "int4"), ("qwen3.5-397b-a17b", "fp8"),
    ];

    private static readonly string[] s_gpus =
        ["a100-sxm-80gb", "h100-sxm-80gb", "h200-sxm-141gb", "b200-sxm-180gb", "b300-sxm-288gb", "l40s", "rtx-4090"];

    [Fact]
    public void NoEstimateBeatsTheBound()
    {
        var random = new Random(20);
        List<string> beaten = [];
        int asked = 0;
        while (asked < Requests)
        {
            (string model, string weights) = s_models[random.Next(s_models.Length)];
            var engine = EngineCatalog.Find(new[] { "vllm", "sglang", "tensorrt-llm" }[random.Next(3)]);
            var on = new Deployment(ModelCatalog.Find(model), GpuCatalog.Find(s_gpus[random.Next(s_gpus.Length)]), engine,
                WeightFormat.Find(weights)) { Placement = new() { Tensor = 1 << random.Next(4) } };
            Deployment bound = on with { Engine = EngineCatalog.Find("bound") };
            // One deployment answers many requests: what it needs is found once.
            for (int i = 0; i < 200; i++, asked++)
            {
                Beats(on, bound, Drawn(random), beaten);
            }
        }

        Assert.True(beaten.Count == 0, $"{beaten.Count} of {asked}: " + string.Join('\n', beaten.Take(10)));
    }

    private static Workload Drawn(Random random) => new(
        (long)Math.Pow(2, 4 + (random.NextDouble() * 10)), (long)Math.Pow(2, 1 + (random.NextDouble() * 10)),
        1 << random.Next(9))
    {
        Arrival = random.Next(2) == 0 ? Arrival.Continuous : Arrival.Together,
    };

    private static void Beats(Deployment on, Deployment bound, Workload load, List<string> beaten)
    {
        InferenceEstimate estimate = on.Speed(load), least = bound.Speed(load);
        string at = $"{on.Model} {on.Weights} {on.Gpu} {on.Engine} TP {on.Placement.Tensor} {load.PromptTokens}+"
            + $"{load.OutputTokens} × {load.Requests} {load.Arrival}";
        // Where some wait, for room or for a pass that is full of others' prompts, those that run share the GPU with fewer than
        // the bound reckons with: throughput alone compares.
        if (estimate.SteadyStateRequests >= load.Requests && load.Requests * load.PromptTokens / load.OutputTokens < 1024)
        {
            Compare("between tokens", estimate.InterTokenLatency.Expected / least.InterTokenLatency.Expected);
            Compare("first token", estimate.TimeToFirstToken.Expected / least.TimeToFirstToken.Expected);
        }

        Compare("throughput", least.TokensPerSecond.Expected / estimate.TokensPerSecond.Expected);

        void Compare(string what, double ratio)
        {
            if (!(ratio >= 0.9999))
            {
                beaten.Add($"{what} × {ratio:0.000}: {at}");
            }
        }
    }
}
