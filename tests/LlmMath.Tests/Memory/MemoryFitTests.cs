namespace LlmMath.Tests.Memory;

/// <summary>What fits on which GPUs, how much of it, and what to change where it does not.</summary>
public class MemoryFitTests
{
    private static readonly ModelDefinition s_llama = ModelCatalog.Llama3_1_8b;

    [Fact]
    public void GpusOfDifferentSizeAreWarnedOfAndTheSmallestDecides()
    {
        MemoryEstimate e = s_llama.InferenceMemory(new MemoryQuestion(WeightFormat.Bf16) { Parallelism = new() { Tensor = 2 } });
        MemoryFit fit = e.FitOn([GpuCatalog.A100Sxm80Gb, GpuCatalog.Rtx4090]);

        Assert.Equal("rtx-4090", fit.Gpu.Name);
        Assert.Contains("different kinds", fit.Warning);
        Assert.Throws<EstimateException>(() => e.FitOn([GpuCatalog.Rtx4090]));
    }

    [Fact]
    public void LimitsAreTheLastThatFit()
    {
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Engine = EngineCatalog.Vllm.On(GpuCatalog.Rtx4090), Context = 4096 };
        long context = s_llama.LargestContext(setup, GpuCatalog.Rtx4090)!.Value;
        int batch = s_llama.LargestBatch(setup, GpuCatalog.Rtx4090)!.Value;

        Assert.True(s_llama.InferenceMemory(setup with { Context = context }).FitsOn(GpuCatalog.Rtx4090));
        Assert.False(s_llama.InferenceMemory(setup with { Context = context + 1 }).FitsOn(GpuCatalog.Rtx4090));
        Assert.True(s_llama.InferenceMemory(setup with { Batch = batch }).FitsOn(GpuCatalog.Rtx4090));
        Assert.False(s_llama.InferenceMemory(setup with { Batch = batch + 1 }).FitsOn(GpuCatalog.Rtx4090));
        Assert.Null(ModelCatalog.Llama3_1_405b.LargestBatch(setup, GpuCatalog.Rtx4090));
    }

    /// <summary>TensorRT-LLM gives its cache nine tenths of what is free beside it: weights may fill more than nine tenths of the
    /// GPU, where vLLM, whose share is of the whole, does not fit.</summary>
    [Fact]
    public void AShareOfWhatIsFreeIsOfTheCacheAlone()
    {
        Gpu gpu = GpuCatalog.B200Sxm180Gb;
        var on = new Deployment(ModelCatalog.DeepseekR1, gpu, EngineCatalog.TensorrtLlm, WeightFormat.Fp8)
        {
            Keys = CacheFormat.Fp8, Placement = new() { Tensor = 4 },
        };
        Workload work = Workload.OfContext(9216);
        int most = on.LargestBatch(work)!.Value;
        Assert.True(on.Memory(work with { Requests = most }).Fits);
        Assert.False(on.Memory(work with { Requests = most + 1 }).Fits);
        foreach (int batch in new[] { most, most + 1 })
        {
            MemoryEstimate e = on.Memory(work with { Requests = batch });
            double free = MemoryFit.Usable(gpu).Bytes - (e.PerGpu.Bytes - e.PerGpuCache.Bytes);
            Assert.Equal(batch == most, e.PerGpuCache.Bytes <= 0.9 * free);
        }

        Assert.False((on with { Engine = EngineCatalog.Vllm }).Memory(work).Fits);
    }

    [Fact]
    public void AdviceMakesItSmallerAndSomeOfItFit()
    {
        MemoryEstimate e = s_llama.InferenceMemory(new MemoryQuestion(WeightFormat.Bf16)
        {
            Context = 131_072, Engine = EngineCatalog.Vllm.On(GpuCatalog.Rtx4090),
        });
        ValueList<MemoryAdvice> advice = MemoryQuestions.AdviceFor(e, GpuCatalog.Rtx4090);

        Assert.False(e.FitsOn(GpuCatalog.Rtx4090));
        Assert.Contains(advice, option => option.Fits);
        Assert.All(advice, option =>
        {
            Assert.Equal(e.PerGpu.Bytes - option.Saves.Bytes, option.Deployment.Memory(option.Workload).PerGpu.Bytes);
            Assert.Equal(option.Fits, option.Deployment.Memory(option.Workload).Fits);
        });
    }

    [Fact]
    public void TheFewestGpusAreTheFewest()
    {
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Engine = EngineCatalog.Vllm, Context = 4096 };
        Parallelism over = ModelCatalog.Llama3_3_70bInstruct.SmallestGpus(setup, GpuCatalog.H100Sxm80Gb)!.Value;

        Assert.Equal(3, over.Gpus);
        Assert.Equal(3, over.Pipeline);
    }

    [Fact]
    public void LlamaCppsGpusOfDifferentSizeGetLayersByMemory()
    {
        var setup = new MemoryQuestion(WeightFormat.Q4KM)
        {
            Engine = EngineCatalog.LlamaCpp, Context = 4096, Parallelism = new() { Pipeline = 2 },
        };
        MemoryEstimate e = s_llama.InferenceMemory(setup);
        MemoryFit fit = e.FitOn([GpuCatalog.Rtx4090, GpuCatalog.Rtx3060_12Gb]);

        Assert.Equal("rtx-3060-12gb", fit.Gpu.Name);
        // A third of the memory, so a third of 33 layers, where an equal split would give half.
        Assert.InRange(fit.Need.Bytes, e.PerGpu.Bytes / 2, e.PerGpu.Bytes * 9 / 10);
        Assert.Contains("layers are given by memory", fit.Warning);
        Assert.True(e.FitsOn([GpuCatalog.Rtx4090, GpuCatalog.Rtx3060_12Gb]));
    }

    [Fact]
    public void UnifiedMemoryHoldsBothSides()
    {
        MemoryEstimate e = s_llama.InferenceMemory(WeightFormat.Q4KM, context: 4096, engine: EngineCatalog.LlamaCpp);

        Assert.True(e.Host.Bytes > 0);
        Assert.Equal(e.PerGpu + e.Host, e.Total);
        Assert.Equal(e.PerGpu, e.FitOn(GpuCatalog.Rtx4090).Need);
        Assert.Equal(e.Total.Bytes - e.Runtime.Bytes, e.FitOn(GpuCatalog.Find("apple-m1-pro")).Need.Bytes);
    }

    [Theory]
    [InlineData("fp8", "t4", "too old")]
    [InlineData("fp16", "v100-sxm2-16gb", "does not run on NVIDIA")]
    [InlineData("bf16", "t4", "give fp16")]
    [InlineData("nvfp4", "a100-sxm-80gb", "multiplies in 16 bits")]
    [InlineData("fp8", "a100-sxm-80gb", "multiplies in 16 bits")]
    [InlineData("fp8", "h100-sxm-80gb", null)]
    [InlineData("fp16", "t4", null)]
    [InlineData("fp16", "apple-m1-pro", "does not run on Apple")]
    [InlineData("fp8", "mi250x", "no fp8")]
    public void AFormatThatAGpuLacksIsSaid(string weights, string gpu, string? warning)
    {
        MemoryEstimate e = s_llama.InferenceMemory(WeightFormat.Find(weights), engine: EngineCatalog.Vllm);
        string? said = e.FitOn(GpuCatalog.Find(gpu)).Warning;

        if (warning is null)
        {
            Assert.Null(said);
        }
        else
        {
            Assert.Contains(warning, said);
        }
    }

    [Fact]
    public void AdviceNamesNoFormatThatTheGpuIsTooOldFor()
    {
        Gpu t4 = GpuCatalog.Find("t4");
        var setup = new MemoryQuestion(WeightFormat.Fp16) { Context = 65_536, Engine = EngineCatalog.Vllm.On(t4) };

        Assert.DoesNotContain(MemoryQuestions.AdviceFor(s_llama.InferenceMemory(setup), t4), advice =>
            advice.Change is "weights in fp8" or "weights in bf16");
    }
}
