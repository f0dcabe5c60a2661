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
    public void TheWorkingAddsUp() => Assert.All(EngineCatalog.All, engine =>
    {
        MemoryEstimate e = s_llama.InferenceMemory(new MemoryQuestion(WeightFormat.Fp16)
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
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Context = 1000 };
        long one = s_llama.InferenceMemory(setup).KeyValueCache.Bytes;

        Assert.Equal(one, s_llama.InferenceMemory(setup with { Parallelism = new() { Tensor = 8 } }).KeyValueCache.Bytes);
        Assert.Equal(2 * one, s_llama.InferenceMemory(setup with { Parallelism = new() { Tensor = 16 } }).KeyValueCache.Bytes);
    }

    [Fact]
    public void LatentCachesAreOnEveryGpu()
    {
        var setup = new MemoryQuestion(WeightFormat.Fp8) { Context = 1000 };

        Assert.Equal(8 * ModelCatalog.DeepseekV3.InferenceMemory(setup).KeyValueCache.Bytes,
            ModelCatalog.DeepseekV3.InferenceMemory(setup with { Parallelism = new() { Tensor = 8 } }).KeyValueCache.Bytes);
    }

    [Fact]
    public void StagesHoldTheWholeModelOnce()
    {
        var setup = new MemoryQuestion(WeightFormat.Q4KM) { Context = 1000 };
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
        var setup = new MemoryQuestion(WeightFormat.Bf16);
        long copy = 2 * tied.Architecture.VocabularySize * tied.Architecture.HiddenSize;

        Assert.Equal(tied.WeightMemory(WeightFormat.Bf16).Bytes + copy,
            tied.InferenceMemory(setup with { Parallelism = new() { Pipeline = 2 } }).Weights.Bytes);
    }

    [Fact]
    public void ReplicasShareTheBatchAndHoldAllWeights()
    {
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Batch = 8, Context = 100 };
        MemoryEstimate one = s_llama.InferenceMemory(setup),
            two = s_llama.InferenceMemory(setup with { Parallelism = new() { Data = 2 } });

        Assert.Equal(2 * one.Weights.Bytes, two.Weights.Bytes);
        Assert.Equal(one.KeyValueCache, two.KeyValueCache);
    }

    [Fact]
    public void ExpertsAreDividedByTheirOwnDegree()
    {
        var setup = new MemoryQuestion(WeightFormat.Fp8) { Parallelism = new() { Tensor = 8, Data = 2 } };
        long tensor = ModelCatalog.DeepseekV3.InferenceMemory(setup).PerGpu.Bytes;
        long expert = ModelCatalog.DeepseekV3.InferenceMemory(
            setup with { Parallelism = setup.Parallelism with { Expert = 16 } }).PerGpu.Bytes;

        Assert.InRange(expert, tensor / 2, tensor * 0.55);
    }

    [Theory]
    [InlineData(0, 100, "Requests")]
    [InlineData(1, 0, "Context")]
    [InlineData(1, 200_000, "131,072")]
    public void WhatCannotBeIsNamed(int batch, long context, string named) => Assert.Contains(named,
        Assert.Throws<ArgumentException>(() => s_llama.InferenceMemory(WeightFormat.Bf16, batch, context)).Message);

    [Fact]
    public void WhatAnEngineOrTheHeadsDoNotAllowIsNamed()
    {
        var setup = new MemoryQuestion(WeightFormat.Q4KM);

        Assert.Contains("vllm does not load q4_k_m", Message(setup with { Engine = EngineCatalog.Vllm }));
        Assert.Contains("no fp8 cache", Message(setup with { Engine = EngineCatalog.LlamaCpp, Keys = CacheFormat.Fp8 }));
        Assert.Contains("3 does not divide the 32 heads", Message(setup with { Parallelism = new() { Tensor = 3 } }));
        Assert.Contains("no experts", Message(setup with { Parallelism = new() { Expert = 2 } }));
        Assert.Throws<ArgumentNullException>("weights", () => s_llama.InferenceMemory(null!));
    }

    [Fact]
    public void GpusOfDifferentSizeAreWarnedOfAndTheSmallestDecides()
    {
        MemoryEstimate e = s_llama.InferenceMemory(new MemoryQuestion(WeightFormat.Bf16) { Parallelism = new() { Tensor = 2 } });
        MemoryFit fit = e.FitOn([GpuCatalog.A100Sxm80Gb, GpuCatalog.Rtx4090]);

        Assert.Equal("rtx-4090", fit.Gpu.Name);
        Assert.Contains("different kinds", fit.Warning);
        Assert.Throws<ArgumentException>(() => e.FitOn([GpuCatalog.Rtx4090]));
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

    [Fact]
    public void AHeadLeftInSystemMemoryIsCopiedForEachLargeBatch()
    {
        ModelDefinition large = ModelCatalog.Llama3_3_70bInstruct;
        var setup = new MemoryQuestion(WeightFormat.Q4KM) { Engine = EngineCatalog.LlamaCpp, Context = 4096 };
        LayerOffload split = large.GpuLayers(setup, GpuCatalog.Rtx4090);
        // Q6_K of 128,256 × 8,192 and the norm before it, beside the logits of 512 tokens and their hidden state.
        const long head = (128_256L * 8192 / 256 * 210) + (8192 * 4), logits = 512 * (128_256L + 8192) * 4;
        MemoryEstimate whole = large.InferenceMemory(setup);
        long layer = whole.KeyValueCache.Bytes / 80;

        Assert.Equal(whole.Total.Bytes + head, split.GpuBytes.Bytes + split.HostBytes.Bytes);
        Assert.True(split.GpuBytes.Bytes > head + logits + (split.GpuLayers * layer));
        Assert.Equal(0, large.GpuLayers(setup, GpuCatalog.Rtx4090 with { UsableMemory = new(1 << 30) }).GpuLayers);
    }

    [Fact]
    public void FiguresSayWhatTheyRestOn()
    {
        ModelDefinition gpt2 = ModelCatalog.Gpt2, vision = ModelCatalog.Find("qwen3-vl-8b-instruct");

        Assert.Empty(gpt2.InferenceMemory(WeightFormat.Bf16, engine: EngineCatalog.Vllm).Warnings());
        Assert.Contains(gpt2.InferenceMemory(WeightFormat.Bf16, engine: EngineCatalog.Find("sglang")).Warnings(),
            w => w.Contains("not measured"));
        Assert.Contains(vision.InferenceMemory(WeightFormat.Bf16).Warnings(), w => w.Contains("vision tower"));
        Assert.DoesNotContain(vision.InferenceMemory(new MemoryQuestion(WeightFormat.Bf16)
        {
            Additions = [MemoryAddition.VisionTower(vision)],
        }).Warnings(), w => w.Contains("vision"));
    }

    [Fact]
    public void AVisionTowerIsWhatAPublishedCountHoldsBeyondTheDecoder()
    {
        ModelDefinition vision = ModelCatalog.Find("qwen3-vl-8b-instruct");
        long beyond = vision.Evidence.SelectMany(evidence => evidence.Beyond)
            .First(difference => difference.What.Contains("vision")).Parameters;

        Assert.Equal(2 * beyond, MemoryAddition.VisionTower(vision).Size.Bytes);
        Assert.Contains("vision tower", Assert.Throws<ArgumentException>(() => MemoryAddition.VisionTower(s_llama)).Message);
    }

    [Fact]
    public void BlocksForMultiTokenPredictionHaveACacheToo()
    {
        ModelDefinition v3 = ModelCatalog.DeepseekV3;
        long alone = MemoryAddition.MultiTokenPrediction(v3, WeightFormat.Bf16).Size.Bytes;

        // One block: 576 elements a token.
        Assert.Equal(4 * 1000 * 576 * 2, MemoryAddition.MultiTokenPrediction(v3, WeightFormat.Bf16, 4, 1000).Size.Bytes - alone);
        Assert.Equal(2 * v3.Architecture.Additions.Single(a => a.Name == "multi-token prediction").Parameters, alone);
        Assert.Throws<ArgumentException>(() => MemoryAddition.MultiTokenPrediction(s_llama, WeightFormat.Bf16));
    }

    [Fact]
    public void APrefixKeepsNoMoreThanAWindow()
    {
        ModelDefinition oss = ModelCatalog.GptOss120b;

        Assert.Equal(oss.KeyValueCacheMemory(10_000).Bytes, MemoryAddition.PrefixCache(oss, 10_000).Size.Bytes);
        Assert.Equal((36_864 * 10_000L) + (36_864 * 128), MemoryAddition.PrefixCache(oss, 10_000).Size.Bytes);
    }

    [Fact]
    public void VllmsRotaryTableIsOfEveryPosition()
    {
        MemoryEstimate e = s_llama.InferenceMemory(WeightFormat.Bf16, engine: EngineCatalog.Vllm);

        // 131,072 positions × 128 elements × 2 bytes.
        Assert.Equal(32 << 20, e.RotaryTable.Bytes);
        Assert.Equal(0, s_llama.InferenceMemory(WeightFormat.Q4KM, engine: EngineCatalog.LlamaCpp).RotaryTable.Bytes);
    }

    [Theory]
    [InlineData("fp8", "v100-sxm2-16gb", "too old")]
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

    [Fact]
    public void NothingIsLostBetweenGpuAndSystemMemoryWhateverTheEngine()
    {
        foreach (Engine? engine in new[] { null, EngineCatalog.Transformers, EngineCatalog.LlamaCpp })
        {
            var setup = new MemoryQuestion(WeightFormat.Fp16) { Engine = engine, Context = 4096 };
            LayerOffload none = s_llama.GpuLayers(setup, GpuCatalog.Rtx4090 with { UsableMemory = new(1) });
            MemoryEstimate whole = s_llama.InferenceMemory(setup);

            Assert.Equal((whole.Total.Bytes - whole.Runtime.Bytes, 0), (none.HostBytes.Bytes, none.GpuBytes.Bytes));
        }
    }

    [Fact]
    public void LayersFillTheGpuAndNoMore()
    {
        ModelDefinition large = ModelCatalog.Llama3_3_70bInstruct;
        var setup = new MemoryQuestion(WeightFormat.Q4KM) { Engine = EngineCatalog.LlamaCpp, Context = 4096 };
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
            new MemoryQuestion(WeightFormat.Bf16) { Batch = 4, Context = 4096, Engine = EngineCatalog.Vllm },
            new MemoryQuestion(WeightFormat.Q4KM) { Batch = 1, Context = 4096, Engine = EngineCatalog.LlamaCpp },
            new MemoryQuestion(WeightFormat.Find("iq2_m")) { Context = 4096, Engine = EngineCatalog.LlamaCpp,
                Parallelism = new() { Pipeline = 3 } },
            new MemoryQuestion(WeightFormat.Fp8) { Context = 4096, Engine = EngineCatalog.Vllm.On(GpuCatalog.Rtx4090) },
            new MemoryQuestion(WeightFormat.Awq4Bit128G) { Batch = 4, Context = 4096, Engine = EngineCatalog.Vllm,
                Parallelism = new() { Tensor = 4, Pipeline = 2 } },
        };
        ModelDefinition[] models = [s_llama, ModelCatalog.DeepseekV3, ModelCatalog.GptOss120b,
            ModelCatalog.Find("qwen3-next-80b-a3b-instruct")];
        (Deployment, Workload)[] asked =
            [.. from model in models from setup in setups select (setup.Of(model), setup.Workload)];
        long sum = 0;
        Assert.Equal(0, Allocation.Least(() => sum = Sum(asked)));
        Assert.Equal(Sum(asked), sum);
    }

    private static string Message(MemoryQuestion setup) => Assert.Throws<ArgumentException>(() =>
        s_llama.InferenceMemory(setup)).Message;

    private static long Sum((Deployment, Workload)[] asked)
    {
        long sum = 0;
        foreach ((Deployment deployment, Workload workload) in asked)
        {
            unchecked
            {
                sum += deployment.Memory(workload).Total.Bytes;
            }
        }

        return sum;
    }
}
