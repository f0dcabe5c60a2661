namespace LlmMath.Tests.Memory;

public class InferenceMemoryTests
{
    private static readonly ModelDefinition s_llama = ModelCatalog.Llama3_1_8b;

    [Fact]
    public void WithoutAnEngineItIsWeightsAndCache()
    {
        MemoryEstimate e = ModelCatalog.Opt350m.InferenceMemory(WeightFormat.Fp16, batch: 8, context: 2048);

        Assert.Equal(2 * ModelCatalog.Opt350m.ParameterCount(), e.Weights.Bytes);
        // 24 layers × 2 × 1,024 × 2 bytes
        Assert.Equal(8L * 2048 * 24 * 2 * 1024 * 2, e.KeyValueCache.Bytes);
        Assert.Equal(e.Weights + e.KeyValueCache, e.Total);
        Assert.Equal(e.Total, e.PerGpu);
        Assert.True(e.FitsOn(GpuCatalog.Rtx4090));
    }

    [Fact]
    public void TheWorkingAddsUp() => Assert.All(EngineMemory.All, engine =>
    {
        MemoryEstimate e = s_llama.InferenceMemory(new InferenceSetup(WeightFormat.Fp16)
        {
            Keys = CacheFormat.Fp16, Batch = 3, Context = 1000, Engine = engine,
                Additions = [MemoryAddition.LoraAdapters(s_llama, 2, 16)],
        } with { Weights = engine.Supports(WeightFormat.Fp16, CacheFormat.Fp16) ? WeightFormat.Fp16
            : WeightFormat.Gptq4Bit128G });
        ValueList<DerivationLine> lines = e.Explain();

        Assert.Equal(e.Total.Bytes, lines[^1].Total);
        Assert.Equal(e.Total.Bytes, lines.Sum(line => line.Value));
        Assert.DoesNotContain(lines, line => line.Term == "rounding");
    });

    [Fact]
    public void KeyAndValueHeadsAreCopiedWhereGpusOutnumberThem()
    {
        var setup = new InferenceSetup(WeightFormat.Bf16) { Context = 1000 };
        long one = s_llama.InferenceMemory(setup).KeyValueCache.Bytes;

        Assert.Equal(one, s_llama.InferenceMemory(setup with { Parallelism = new() { Tensor = 8 } }).KeyValueCache.Bytes);
        Assert.Equal(2 * one, s_llama.InferenceMemory(setup with { Parallelism = new() { Tensor = 16 } }).KeyValueCache.Bytes);
    }

    [Fact]
    public void LatentCachesAreOnEveryGpu()
    {
        var setup = new InferenceSetup(WeightFormat.Fp8) { Context = 1000 };

        Assert.Equal(8 * ModelCatalog.DeepseekV3.InferenceMemory(setup).KeyValueCache.Bytes,
            ModelCatalog.DeepseekV3.InferenceMemory(setup with { Parallelism = new() { Tensor = 8 } }).KeyValueCache.Bytes);
    }

    [Fact]
    public void StagesHoldTheWholeModelOnce()
    {
        var setup = new InferenceSetup(WeightFormat.Q4KM) { Context = 1000 };
        MemoryEstimate one = s_llama.InferenceMemory(setup),
            five = s_llama.InferenceMemory(setup with { Parallelism = new() { Pipeline = 5 } });

        Assert.Equal(one.Weights, five.Weights);
        Assert.Equal(one.KeyValueCache, five.KeyValueCache);
        // 32 layers over five: 6, 6, 7, 7, 6; head and embedding make the ends larger.
        Assert.InRange(five.PerGpu.Bytes, one.PerGpu.Bytes / 5, one.PerGpu.Bytes / 3);
    }

    [Fact]
    public void ATiedHeadOnAnotherStageIsACopy()
    {
        ModelDefinition tied = ModelCatalog.Find("llama-3.2-1b");
        var setup = new InferenceSetup(WeightFormat.Bf16);
        long copy = 2 * tied.Architecture.VocabularySize * tied.Architecture.HiddenSize;

        Assert.Equal(tied.WeightMemory(WeightFormat.Bf16).Bytes + copy,
            tied.InferenceMemory(setup with { Parallelism = new() { Pipeline = 2 } }).Weights.Bytes);
    }

    [Fact]
    public void ReplicasShareTheBatchAndHoldAllWeights()
    {
        var setup = new InferenceSetup(WeightFormat.Bf16) { Batch = 8, Context = 100 };
        MemoryEstimate one = s_llama.InferenceMemory(setup),
            two = s_llama.InferenceMemory(setup with { Parallelism = new() { Data = 2 } });

        Assert.Equal(2 * one.Weights.Bytes, two.Weights.Bytes);
        Assert.Equal(one.KeyValueCache, two.KeyValueCache);
    }

    [Fact]
    public void ExpertsAreDividedByTheirOwnDegree()
    {
        var setup = new InferenceSetup(WeightFormat.Fp8) { Parallelism = new() { Tensor = 8, Data = 2 } };
        long tensor = ModelCatalog.DeepseekV3.InferenceMemory(setup).PerGpu.Bytes;
        long expert = ModelCatalog.DeepseekV3.InferenceMemory(setup with { Parallelism = setup.Parallelism with { Expert = 16 } }).PerGpu.Bytes;

        Assert.InRange(expert, tensor / 2, tensor * 0.55);
    }

    [Theory]
    [InlineData(0, 100, "Batch")]
    [InlineData(1, 0, "Context")]
    [InlineData(1, 200_000, "131,072")]
    public void WhatCannotBeIsNamed(int batch, long context, string named) => Assert.Contains(named,
        Assert.Throws<ArgumentException>(() => s_llama.InferenceMemory(WeightFormat.Bf16, batch, context)).Message);

    [Fact]
    public void WhatAnEngineOrTheHeadsDoNotAllowIsNamed()
    {
        var setup = new InferenceSetup(WeightFormat.Q4KM);

        Assert.Contains("vllm does not load q4_k_m", Message(setup with { Engine = EngineMemory.Vllm }));
        Assert.Contains("no fp8 cache", Message(setup with { Engine = EngineMemory.LlamaCpp, Keys = CacheFormat.Fp8 }));
        Assert.Contains("3 does not divide the 32 heads", Message(setup with { Parallelism = new() { Tensor = 3 } }));
        Assert.Contains("no experts", Message(setup with { Parallelism = new() { Expert = 2 } }));
        Assert.Contains("Weights", Assert.Throws<ArgumentException>(() =>
            s_llama.InferenceMemory(default(InferenceSetup))).Message);
    }

    [Fact]
    public void GpusOfDifferentSizeAreWarnedOfAndTheSmallestDecides()
    {
        MemoryEstimate e = s_llama.InferenceMemory(new InferenceSetup(WeightFormat.Bf16) { Parallelism = new() { Tensor = 2 } });
        MemoryFit fit = e.Fit([GpuCatalog.A100Sxm80Gb, GpuCatalog.Rtx4090]);

        Assert.Equal("rtx-4090", fit.Gpu.Name);
        Assert.Contains("different kinds", fit.Warning);
        Assert.Throws<ArgumentException>(() => e.Fit([GpuCatalog.Rtx4090]));
    }

    [Fact]
    public void LimitsAreTheLastThatFit()
    {
        var setup = new InferenceSetup(WeightFormat.Bf16) { Engine = EngineMemory.Vllm.On(GpuCatalog.Rtx4090), Context = 4096 };
        long context = s_llama.LargestContext(setup, GpuCatalog.Rtx4090)!.Value;
        int batch = s_llama.LargestBatch(setup, GpuCatalog.Rtx4090)!.Value;

        Assert.True(s_llama.InferenceMemory(setup with { Context = context }).FitsOn(GpuCatalog.Rtx4090));
        Assert.False(s_llama.InferenceMemory(setup with { Context = context + 1 }).FitsOn(GpuCatalog.Rtx4090));
        Assert.True(s_llama.InferenceMemory(setup with { Batch = batch }).FitsOn(GpuCatalog.Rtx4090));
        Assert.False(s_llama.InferenceMemory(setup with { Batch = batch + 1 }).FitsOn(GpuCatalog.Rtx4090));
        Assert.Null(ModelCatalog.Llama3_1_405b.LargestBatch(setup, GpuCatalog.Rtx4090));
    }

    [Fact]
    public void AdviceMakesItSmallerAndSomeOfItFit()
    {
        MemoryEstimate e = s_llama.InferenceMemory(new InferenceSetup(WeightFormat.Bf16)
        {
            Context = 131_072, Engine = EngineMemory.Vllm.On(GpuCatalog.Rtx4090),
        });
        ValueList<MemoryAdvice> advice = MemoryAdvice.For(e, GpuCatalog.Rtx4090);

        Assert.False(e.FitsOn(GpuCatalog.Rtx4090));
        Assert.Contains(advice, option => option.Fits);
        Assert.All(advice, option =>
        {
            Assert.Equal(e.PerGpu.Bytes - option.Saves.Bytes, s_llama.InferenceMemory(option.Setup).PerGpu.Bytes);
            Assert.Equal(option.Fits, s_llama.InferenceMemory(option.Setup).FitsOn(GpuCatalog.Rtx4090));
        });
    }

    [Fact]
    public void TheFewestGpusAreTheFewest()
    {
        var setup = new InferenceSetup(WeightFormat.Bf16) { Engine = EngineMemory.Vllm, Context = 4096 };
        Parallelism over = ModelCatalog.Llama3_3_70bInstruct.SmallestGpus(setup, GpuCatalog.H100Sxm80Gb)!.Value;

        Assert.Equal(3, over.Gpus);
        Assert.Equal(3, over.Pipeline);
    }

    [Fact]
    public void LayersFillTheGpuAndNoMore()
    {
        ModelDefinition large = ModelCatalog.Llama3_3_70bInstruct;
        var setup = new InferenceSetup(WeightFormat.Q4KM) { Engine = EngineMemory.LlamaCpp, Context = 4096 };
        LayerOffload split = large.GpuLayers(setup, GpuCatalog.Rtx4090);

        Assert.Equal(81, split.AllLayers);
        Assert.InRange(split.GpuLayers, 35, 50);
        Assert.True(split.GpuBytes <= MemoryFit.Usable(GpuCatalog.Rtx4090));
        Assert.Equal(33, s_llama.GpuLayers(setup, GpuCatalog.Rtx4090).GpuLayers);
    }

    [Fact]
    public void EstimatesAllocateNothing()
    {
        var setups = new[]
        {
            new InferenceSetup(WeightFormat.Bf16) { Batch = 4, Context = 4096, Engine = EngineMemory.Vllm },
            new InferenceSetup(WeightFormat.Q4KM) { Batch = 1, Context = 4096, Engine = EngineMemory.LlamaCpp },
            new InferenceSetup(WeightFormat.Awq4Bit128G) { Batch = 4, Context = 4096, Engine = EngineMemory.Vllm,
                Parallelism = new() { Tensor = 4, Pipeline = 2 } },
        };
        ModelDefinition[] models = [s_llama, ModelCatalog.DeepseekV3, ModelCatalog.GptOss120b];
        long warm = Sum(models, setups);

        long before = GC.GetAllocatedBytesForCurrentThread();
        long sum = Sum(models, setups);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(warm, sum);
        Assert.Equal(0, allocated);
    }

    private static string Message(InferenceSetup setup) => Assert.Throws<ArgumentException>(() =>
        s_llama.InferenceMemory(setup)).Message;

    private static long Sum(ModelDefinition[] models, InferenceSetup[] setups)
    {
        long sum = 0;
        foreach (ModelDefinition model in models)
        {
            for (int i = 0; i < setups.Length; i++)
            {
                unchecked
                {
                    sum += model.InferenceMemory(setups[i]).Total.Bytes;
                }
            }
        }

        return sum;
    }
}
