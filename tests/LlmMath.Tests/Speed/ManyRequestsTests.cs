using LlmMath.Speed;
using LlmMath.Tests.Memory;

namespace LlmMath.Tests.Speed;

/// <summary>What holds of any serving engine as more requests come at once, whatever its constants.</summary>
public class ManyRequestsTests
{
    private static readonly int[] s_batches = [.. Enumerable.Range(0, 26).Select(i => (int)Math.Pow(10, i / 5.0)).Distinct()];

    public static TheoryData<string, string, string, string, int> Deployments()
    {
        (string Model, string Weights, string[] Gpus, int Tensor)[] models =
        [
            ("llama-3.1-8b", "bf16", ["h100-sxm-80gb", "rtx-4090", "l4", "b200-sxm-180gb"], 1),
            ("llama-3.1-8b", "bf16", ["h100-sxm-80gb", "h200-sxm-141gb", "a100-sxm-80gb"], 8),
            ("llama-3.1-70b", "fp8", ["h100-sxm-80gb", "b200-sxm-180gb"], 4),
            ("mamba-1.4b", "bf16", ["h100-sxm-80gb", "rtx-4090"], 1),
            ("gpt-oss-120b", "mxfp4", ["h100-sxm-80gb", "b200-sxm-180gb"], 2),
            ("deepseek-v3", "fp8", ["h200-sxm-141gb", "b300-sxm-288gb"], 8),
        ];
        var all = new TheoryData<string, string, string, string, int>();
        foreach ((string model, string weights, string[] gpus, int tensor) in models)
        {
            foreach (string gpu in gpus)
            {
                foreach (string engine in new[] { "vllm", "sglang", "tensorrt-llm", "bound" })
                {
                    all.Add(model, weights, gpu, engine, tensor);
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public void MoreRequestsNeitherCostThroughputNorComeSooner(
        string model, string weights, string gpu, string engine, int tensor)
    {
        foreach ((int prompt, int output) in new[] { (1024, 128), (128, 1024), (1024, 1) })
        {
            var workload = new Workload(prompt, output)
            {
                Arrival = Arrival.Continuous,
            };
            InferenceEstimate[] all = [.. s_batches.Select(batch => ModelCatalog.Find(model).EstimateInference(
                GpuCatalog.Find(gpu), EngineCatalog.Find(engine), workload with { Requests = batch },
                WeightFormat.Find(weights), new() { Tensor = tensor }))];
            for (int i = 1; i < all.Length; i++)
            {
                (InferenceEstimate fewer, InferenceEstimate more) = (all[i - 1], all[i]);
                string at = $"{prompt} + {output}: {fewer.Workload.Requests} → {more.Workload.Requests} requests, "
                    + $"{fewer.TokensPerSecond} → {more.TokensPerSecond} tokens/s";
                // Tables of timings waver by little more than a hundredth.
                Assert.True(more.TokensPerSecond.Expected > 0.985 * fewer.TokensPerSecond.Expected, at);
                Assert.True(more.TimeToFirstToken.Expected >= fewer.TimeToFirstToken.Expected, at);
                // Full, it is as fast as with the requests that run, beside the passes that a place is empty until the next:
                // with enough that wait, none; it is no faster for more of them.
                double gain = more.TokensPerSecond.Expected / fewer.TokensPerSecond.Expected;
                if (IsQueued(fewer))
                {
                    Assert.Equal(1, gain, 1e-3);
                }
                else if (more.SteadyStateRequests < more.Workload.Requests)
                {
                    Assert.InRange(gain * fewer.SteadyStateRequests / more.SteadyStateRequests, 0,
                        1.01 + (Missed(more) / Math.Max(1, output - 1)));
                }
            }
        }
    }

    // Steps that a request misses where it need not wait for room; half an answer at most.
    private static double Missed(InferenceEstimate e) => Math.Min((e.Workload.OutputTokens - 1) / 2.0,
        DeployedSpeed.Of(e.Deployment.Placed).Constants.StepsWaited);

    // Whether so many wait for room that none misses a step.
    private static bool IsQueued(InferenceEstimate e) => e.Workload.Requests > e.SteadyStateRequests
        * (1 + (Missed(e) / Math.Max(1, e.Workload.OutputTokens - 1)));

    /// <summary>As many run as fit at their whole length; on average they are shorter, and more of them run, with a part of one
    /// more.</summary>
    [Theory]
    [InlineData("l4")]
    [InlineData("rtx-4090")]
    [InlineData("h100-sxm-80gb")]
    public void AsManyRunAsFitInMemory(string name)
    {
        Gpu gpu = GpuCatalog.Find(name);
        InferenceEstimate e = ModelCatalog.Llama3_1_8b.EstimateInference(
            gpu, EngineCatalog.Vllm, new(2048, 2048, 1000), WeightFormat.Bf16);
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Engine = EngineCatalog.Vllm, Context = 4096 };
        Assert.Equal((double?)ModelCatalog.Llama3_1_8b.LargestBatch(setup, gpu), e.RunningRequests);
        double mean = ModelCatalog.Llama3_1_8b.LargestBatch(setup with { Context = 3072 }, gpu)!.Value;
        Assert.InRange(e.SteadyStateRequests, mean, mean + 1);
    }
}
