using System.Text;

namespace LlmMath.Tests.Memory;

/// <summary>Sizes beyond 2⁶³ − 1 bytes: to a search they do not fit, to an estimate they are an error that names the
/// argument.</summary>
public class SizeLimitTests
{
    private static readonly ModelDefinition s_llama = ModelCatalog.Llama3_1_8b;

    [Theory]
    [InlineData("llama-3.1-8b", "fp16", 8)]
    [InlineData("bloom-560m", "fp16", 64)]
    [InlineData("flan-t5-base", "fp16", 64)]
    public void TheLargestContextIsFoundWhereScoresGrowWithItsSquare(string name, string weights, int batch)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        Gpu gpu = GpuCatalog.H100Sxm80Gb;
        var setup = new MemoryQuestion(WeightFormat.Find(weights))
        {
            Batch = batch, Keys = CacheFormat.Fp16, Engine = EngineCatalog.Find("autoawq"), ExtendsContext = true,
        };
        long context = model.LargestContext(setup, gpu)!.Value;

        Assert.True(model.InferenceMemory(setup with { Context = context }).FitsOn(gpu));
        Assert.False(model.InferenceMemory(setup with { Context = context + 1 }).FitsOn(gpu));
    }

    [Fact]
    public void NoSearchFailsOnWhatHasNoSize()
    {
        Gpu gpu = GpuCatalog.H100Sxm80Gb;
        ModelDefinition giant = Giant();
        // Scores of so long a context have no size whatever the batch.
        var setup = new MemoryQuestion(WeightFormat.Fp16)
        {
            Keys = CacheFormat.Fp16, Engine = EngineCatalog.Find("autoawq"), ExtendsContext = true, Context = 1L << 40,
        };

        Assert.Null(s_llama.LargestBatch(setup, gpu));
        Assert.Null(s_llama.SmallestGpus(setup, gpu));
        Assert.Null(giant.LargestContext(setup, gpu));
        Assert.Null(giant.LargestBatch(setup with { Context = 1 }, gpu));
        Assert.Null(giant.SmallestGpus(setup with { Context = 1 }, gpu));
    }

    [Fact]
    public void AdviceLeavesOutWhatHasNoSize()
    {
        // 9·10¹⁸ elements have a size in 4 to 7 bits, none in 16.
        MemoryEstimate e = Giant().InferenceMemory(WeightFormat.Q4KM);

        Assert.DoesNotContain(MemoryQuestions.AdviceFor(e, GpuCatalog.H100Sxm80Gb), advice => advice.Change == "weights in bf16");
    }

    [Theory]
    [InlineData(1, long.MaxValue, 0, "workload", "Context: with 9,223,372,036,854,775,807")]
    [InlineData(int.MaxValue, 1L << 20, 0, "workload", "Context: ")]
    [InlineData(int.MaxValue, 4096, 1L << 61, "workload", "EncoderTokens: ")]
    public void WhatIsTooMuchIsNamed(int batch, long context, long encoder, string parameter, string message)
    {
        ModelDefinition model = encoder > 0 ? ModelCatalog.Find("flan-t5-base") : s_llama;
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => model.InferenceMemory(
            new MemoryQuestion(WeightFormat.Fp16)
            {
                Batch = batch, Context = context, EncoderTokens = encoder, ExtendsContext = true,
                Engine = EngineCatalog.Transformers,
            }));

        Assert.Equal(parameter, error.ParamName);
        Assert.StartsWith(message, error.Message);
        Assert.Contains("2^63 - 1 bytes: give less", error.Message);
    }

    [Fact]
    public void AModelThatIsTooMuchIsNamed()
    {
        ModelDefinition giant = Giant();

        Assert.Equal("model", Throws(() => giant.InferenceMemory(WeightFormat.Fp32)));
        Assert.Equal("model", Throws(() => giant.WeightMemory(WeightFormat.Fp32)));
        Assert.Equal("model", Throws(() => giant.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Bound, new(1, 1),
            WeightFormat.Fp32)));
        Assert.Equal("workload", Throws(() => s_llama.GpuLayers(new MemoryQuestion(WeightFormat.Fp16)
        {
            Context = long.MaxValue, ExtendsContext = true,
        }, GpuCatalog.H100Sxm80Gb)));
    }

    [Fact]
    public void WhatIsHeldBesideAModelNamesItsArgument()
    {
        Assert.Equal("tokens", Throws(() => MemoryAddition.PrefixCache(s_llama, long.MaxValue)));
        Assert.Equal("adapters", Throws(() => MemoryAddition.LoraAdapters(s_llama, int.MaxValue, int.MaxValue)));
        Assert.Equal("parameters", Throws(() => MemoryAddition.VisionTower(long.MaxValue)));
        Assert.Equal("parameters", Throws(() => WeightMemory.Of(long.MaxValue, WeightFormat.Fp32)));
        Assert.Equal("context", Throws(() => s_llama.KeyValueCacheMemory(long.MaxValue)));
        Assert.Equal("context", Throws(() => MemoryAddition.MultiTokenPrediction(ModelCatalog.DeepseekV3, WeightFormat.Bf16, 2,
            long.MaxValue)));
    }

    [Fact]
    public void MoreGpusThanCanBeCountedAreRefused() => Assert.StartsWith("Parallelism: ", Assert.Throws<EstimateException>(() =>
        s_llama.InferenceMemory(new MemoryQuestion(WeightFormat.Fp16)
        {
            Parallelism = new() { Tensor = 2, Data = int.MaxValue },
        })).Message);

    [Fact]
    public void TheLargestBatchIsSharedByReplicas()
    {
        ModelDefinition mamba = ModelCatalog.Find("mamba-130m");
        var setup = new MemoryQuestion(WeightFormat.Fp16) { Batch = int.MaxValue, Parallelism = new() { Data = 2 } };

        // 2³⁰ each: one more than half of 2³¹ − 1, rounded up.
        Assert.Equal((1L << 31) * mamba.StateMemory().Bytes, mamba.InferenceMemory(setup).KeyValueCache.Bytes);
    }

    [Fact]
    public void TheWorkingOfAModelWithoutKeysHasNoLimitOfTokens()
    {
        MemoryEstimate e = ModelCatalog.Find("mamba-130m").InferenceMemory(new MemoryQuestion(WeightFormat.Fp16)
        {
            Batch = int.MaxValue, Context = 1L << 62, ExtendsContext = true,
        });

        Assert.Equal(e.Total.Bytes, e.Explain()[^1].Total);
    }

    [Theory]
    [InlineData("q8_0", "q4_0", 53_248)]
    [InlineData("q4_0", "q8_0", 53_248)]
    [InlineData("q8_0", null, 69_632)]
    public void WhatIsKeptBesideAModelHasKeysAndValuesInTheirFormats(string keys, string? values, long token)
    {
        CacheFormat k = CacheFormat.Find(keys);
        CacheFormat? v = values is null ? null : CacheFormat.Find(values);
        long weights = s_llama.WeightMemory(WeightFormat.Q4KM).Bytes;

        Assert.Equal(100_000 * token, MemoryAddition.PrefixCache(s_llama, 100_000, k, v).Size.Bytes);
        Assert.Equal(weights + (2 * 1000 * token), MemoryAddition.Draft(s_llama, WeightFormat.Q4KM, 2, 1000, k, v).Size.Bytes);
        // One block of DeepSeek-V3 keeps a compressed vector alone, which is a key.
        Assert.Equal(MemoryAddition.MultiTokenPrediction(ModelCatalog.DeepseekV3, WeightFormat.Bf16, 1, 1000, k).Size,
            MemoryAddition.MultiTokenPrediction(ModelCatalog.DeepseekV3, WeightFormat.Bf16, 1, 1000, k, v).Size);
    }

    // Embedding and head of 4.3·10¹⁸ elements each.
    private static ModelDefinition Giant() => HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes("""
        {"model_type": "llama", "hidden_size": 2147483392, "intermediate_size": 1, "num_hidden_layers": 1,
         "num_attention_heads": 1, "num_key_value_heads": 1, "head_dim": 2, "vocab_size": 2000000000,
         "tie_word_embeddings": false}
        """)), "giant");

    private static string? Throws(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
}
