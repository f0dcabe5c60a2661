using LlmMath.Tests.Memory;

namespace LlmMath.Tests.Engines;

/// <summary>Which engine is taken where nobody names one, and that an estimate takes it as it runs on the GPU.</summary>
public class UsualEngineTests
{
    [Theory]
    [InlineData("bf16", "bf16", "h100-sxm-80gb", "vllm")]
    [InlineData("bf16", "bf16", "apple-m2", "llama.cpp")]
    [InlineData("q4_k_m", "bf16", "rtx-4090", "llama.cpp")]
    [InlineData("exl2-4.0bpw", "bf16", "rtx-4090", "exllamav2")]
    [InlineData("mlx-4bit", "bf16", "apple-m2", "mlx")]
    [InlineData("q4f16_1", "fp16", "rtx-4090", "mlc-llm")]
    [InlineData("bf16-mixed", "bf16", "a100-sxm-80gb", "litgpt")]
    [InlineData("awq-4bit-128g", "bf16", "apple-m2", "transformers")]
    [InlineData("fp16", "int8", "h100-sxm-80gb", "tensorrt-llm")]
    [InlineData("fp16", "q8_0", "h100-sxm-80gb", "llama.cpp")]
    [InlineData("fp16", "int4", "h100-sxm-80gb", null)]
    public void TheUsualEngineLoadsTheFormatAndRunsOnTheGpu(string weights, string cache, string gpu, string? engine) =>
        Assert.Equal(engine, EngineCatalog.UsualFor(
            WeightFormat.Find(weights), CacheFormat.Find(cache), gpus: [GpuCatalog.Find(gpu)])?.Name);

    [Fact]
    public void WhereSpeedIsNeededItIsOneWhoseSpeedIsKnown() =>
        Assert.Null(EngineCatalog.UsualFor(WeightFormat.Awq4Bit128G, gpus: [GpuCatalog.AppleM2], needsSpeed: true));

    /// <summary>The library applies what an engine does differently on a GPU, wherever it is told the GPU.</summary>
    [Theory]
    [InlineData("rtx-4090")]
    [InlineData("a100-sxm-80gb")]
    [InlineData("h100-sxm-80gb")]
    [InlineData("apple-m2-ultra-76-core")]
    public void AnEngineIsTakenAsItRunsOnTheGpu(string name)
    {
        Gpu gpu = GpuCatalog.Find(name);
        foreach (Engine engine in EngineCatalog.All
            .Where(e => e.Supports(WeightFormat.Fp16, CacheFormat.Bf16) && e.SupportsGpu(gpu)))
        {
            ModelDefinition model = ModelCatalog.Llama3_1_8b;
            MemoryQuestion told = new(WeightFormat.Fp16) { Context = 32_768, Engine = engine };
            MemoryQuestion adapted = told with { Engine = engine.On(gpu) };
            Assert.Equal(model.InferenceMemory(adapted).FitOn(gpu), model.InferenceMemory(told).FitOn(gpu));
            Assert.Equal(model.LargestContext(adapted, gpu), model.LargestContext(told, gpu));
            Assert.Equal(model.LargestBatch(adapted, gpu), model.LargestBatch(told, gpu));
            Assert.Equal(model.SmallestGpus(adapted, gpu), model.SmallestGpus(told, gpu));
            Assert.Equal(model.GpuLayers(adapted, gpu), model.GpuLayers(told, gpu));
            if (engine.Speed is not null)
            {
                var workload = new Workload(9_000, 100, 50);
                InferenceEstimate a = model.EstimateInference(gpu, engine.On(gpu), workload, WeightFormat.Fp16);
                InferenceEstimate b = model.EstimateInference(gpu, engine, workload, WeightFormat.Fp16);
                Assert.Equal((a.TimeToFirstToken, a.TotalTime), (b.TimeToFirstToken, b.TotalTime));
                Assert.Equal(a.RunningRequests, b.RunningRequests);
            }
        }
    }

    /// <summary>With the H100's passes of 8,192 tokens it would not fit.</summary>
    [Fact]
    public void ASmallGpuIsAskedWithItsOwnPasses() => Assert.True(ModelCatalog.Llama3_1_8b.InferenceMemory(
        WeightFormat.Bf16, context: 32_768, engine: EngineCatalog.Vllm).FitsOn(GpuCatalog.Rtx4090));
}
