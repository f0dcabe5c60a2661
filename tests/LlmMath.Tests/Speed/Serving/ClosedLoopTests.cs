using LlmMath.Placement;
using LlmMath.Speed;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Tests.Speed.Serving;

/// <summary>The closed form of serving is the sum over its steps.</summary>
public class ClosedLoopTests
{
    [Theory]
    [InlineData("llama-3.1-8b", "h100-sxm-80gb", "vllm", 1, 1024, 256, 8)]
    [InlineData("llama-3.1-8b", "h100-sxm-80gb", "vllm", 1, 1024, 256, 64)]
    [InlineData("llama-3.1-8b", "h100-sxm-80gb", "vllm", 1, 4096, 128, 24)]
    [InlineData("llama-3.1-8b", "h100-sxm-80gb", "vllm", 1, 12000, 200, 8)]
    [InlineData("llama-3.1-70b", "h100-sxm-80gb", "vllm", 8, 512, 64, 128)]
    [InlineData("deepseek-v3", "h200-sxm-141gb", "vllm", 8, 1024, 512, 32)]
    [InlineData("qwen3-32b", "h100-sxm-80gb", "tensorrt-llm", 2, 2048, 256, 32)]
    [InlineData("llama-3.1-8b", "h200-sxm-141gb", "sglang", 1, 1024, 256, 32)]
    [InlineData("llama-3.1-8b", "h200-sxm-141gb", "sglang", 1, 8192, 512, 16)]
    [InlineData("deepseek-v3", "h200-sxm-141gb", "sglang", 8, 2048, 256, 48)]
    public void TheClosedFormIsTheSumOfItsSteps(
        string model, string gpu, string engine, int tensor, int prompt, int output, int requests)
    {
        var deployment = new Deployment(
            ModelCatalog.Find(model), GpuCatalog.Find(gpu), EngineCatalog.Find(engine), WeightFormat.Fp8)
        {
            Placement = new() { Tensor = tensor },
        };
        var workload = new Workload(prompt, output, requests) { Arrival = Arrival.Continuous };
        PlacedModel placed = deployment.Placed;
        var known = DeployedSpeed.Of(placed);
        var load = ServingLoad.Of(placed, workload);
        (double interToken, double rate) = ClosedLoop.Run(known.On, known.Constants, load, requests);
        var closed = ServingTime.Of(known.On, known.Constants, load);
        Assert.InRange(closed.InterToken / interToken, 0.95, 1.05);
        // A loop has no host: the waits that an engine adds before a prompt are not of its steps.
        var passes = ServingPasses.Of(known.On, known.Constants, load, requests);
        double answer = passes.Queue + passes.Own + ((output - 1) * closed.InterToken);
        Assert.InRange(requests * output / answer / rate, 0.95, 1.05);
    }
}
