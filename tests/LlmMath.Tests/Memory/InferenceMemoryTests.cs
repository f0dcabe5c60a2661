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
        Assert.Throws<EstimateException>(() => s_llama.InferenceMemory(WeightFormat.Bf16, batch, context)).Message);

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
        Assert.Contains("vision tower", Assert.Throws<EstimateException>(() => MemoryAddition.VisionTower(s_llama)).Message);
    }

    /// <summary>deepseek-ai/DeepSeek-V3, README_WEIGHTS.md: 11.5 billion parameters of its own in the module that predicts; the
    /// embedding and the head are the model's.</summary>
    [Fact]
    public void DraftingHoldsTheModelsOwnBlocks()
    {
        ModelDefinition v3 = ModelCatalog.DeepseekV3;
        var load = new Workload(1000, 24, 4);
        Workload drafting = load with { Speculation = SpeculativeDecoding.OfLength(3, 2.5) };
        var one = new Deployment(v3, GpuCatalog.B200Sxm180Gb, EngineCatalog.Sglang, WeightFormat.Bf16);
        long own = v3.Architecture.Additions.Single().Parameters;
        Assert.Equal(11.6e9, own, 0.05e9);
        Assert.Equal((2 * own, 4 * 1024 * 576 * 2), More(one));

        // A latent cache lies on each of the GPUs that share the layer; of stages the last alone holds the block.
        Deployment eight = one with { Weights = WeightFormat.Fp8, Placement = new() { Tensor = 8 } };
        Assert.Equal(8 * 4 * 1024 * 576 * 2, More(eight).Cache);
        Deployment staged = eight with { Placement = new() { Tensor = 4, Pipeline = 2 } };
        Assert.Equal(4 * 4 * 1024 * 576 * 2, More(staged).Cache);
        Assert.InRange(More(staged).Weights, own, 1.05 * own);
        Assert.All([one, eight, staged], of =>
        {
            MemoryEstimate e = of.Memory(drafting);
            Assert.Equal(e.Total.Bytes, e.Explain().Sum(line => line.Value));
            Assert.Equal(2, e.Explain().Count(line => line.Term.Contains("multi-token prediction", StringComparison.Ordinal)));
            Assert.True(e.PerGpu > of.Memory(load).PerGpu);
        });

        // What was added by hand is not there twice, and what has no such blocks holds none.
        Assert.Equal((0, 0), More(one with { Additions = [MemoryAddition.MultiTokenPrediction(v3, WeightFormat.Bf16)] }));
        Assert.Equal((0, 0), More(one with { Model = s_llama }));

        (long Weights, long Cache) More(Deployment of)
        {
            MemoryEstimate with = of.Memory(drafting), without = of.Memory(load);
            return (with.Weights.Bytes - without.Weights.Bytes, with.KeyValueCache.Bytes - without.KeyValueCache.Bytes);
        }
    }

    [Fact]
    public void BlocksForMultiTokenPredictionHaveACacheToo()
    {
        ModelDefinition v3 = ModelCatalog.DeepseekV3;
        long alone = MemoryAddition.MultiTokenPrediction(v3, WeightFormat.Bf16).Size.Bytes;

        // One block: 576 elements a token.
        Assert.Equal(4 * 1000 * 576 * 2, MemoryAddition.MultiTokenPrediction(v3, WeightFormat.Bf16, 4, 1000).Size.Bytes - alone);
        Assert.Equal(2 * v3.Architecture.Additions.Single(a => a.Name == "multi-token prediction").Parameters, alone);
        Assert.Throws<EstimateException>(() => MemoryAddition.MultiTokenPrediction(s_llama, WeightFormat.Bf16));
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

    private static string Message(MemoryQuestion setup) => Assert.Throws<EstimateException>(() =>
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
