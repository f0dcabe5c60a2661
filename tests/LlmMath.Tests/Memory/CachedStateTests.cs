using LlmMath.Calibration;

namespace LlmMath.Tests.Memory;

/// <summary>Cached state is exact: published sizes, and each kind of mixer by hand.</summary>
public class CachedStateTests
{
    [Theory]
    [InlineData("gpt-oss-120b", 73_728, 36_864)]
    [InlineData("llama-3.1-405b", 516_096, 516_096)]
    [InlineData("llama-3.1-8b", 131_072, 131_072)]
    [InlineData("deepseek-v3", 70_272, 70_272)]
    [InlineData("mistral-7b", 131_072, 0)]
    public void ATokenTakesWhatWasPublished(string model, long bytes, long beyondWindows)
    {
        ModelDefinition definition = ModelCatalog.Find(model);

        Assert.Equal(bytes, definition.KeyValueBytesPerToken(CacheFormat.Bf16).Bytes);
        Assert.Equal(beyondWindows, definition.KeyValueBytesPerToken(CacheFormat.Bf16, beyondWindows: true).Bytes);
    }

    [Fact]
    public void MistralSmallsTokenTakesWhatVllmPrints() => Assert.Equal(163_840,
        new EvidenceModels(LlmMath.Testing.Repository.Root).Find("mistral-small-24b").KeyValueBytesPerToken().Bytes);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(4096, 4096)]
    [InlineData(100_000, 4096)]
    public void AWindowHoldsNoMoreThanItsWidth(long context, long tokens)
    {
        var window = new SlidingWindowAttention { HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 16, Window = 4096 };

        Assert.Equal(tokens * 2 * 2 * 16, window.Cache.ElementsAt(context));
    }

    [Fact]
    public void AChunkIsAWindowToo() => Assert.Equal(8192 * 64,
        new ChunkedAttention { HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 16,
            ChunkSize = 8192 }.Cache.ElementsAt(1 << 20));

    [Fact]
    public void ASharedCacheTakesNothing() => Assert.Equal(0,
        new GroupedQueryAttention { HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 16,
            SharesKeyValueCache = true }.Cache.ElementsAt(1000));

    [Fact]
    public void CrossAttentionHoldsTheEncodersTokens()
    {
        var cross = new CrossAttention { HiddenSize = 8, Heads = 4, KeyValueHeads = 4, HeadDim = 2 };

        Assert.Equal(cross.Cache.ElementsAt(1, 77), cross.Cache.ElementsAt(1_000, 77));
        Assert.Equal(77 * 16, cross.Cache.ElementsAt(1, 77));
    }

    [Fact]
    public void AnIndexerAddsItsKeys() => Assert.Equal(61 * (512 + 64 + 128) * 2,
        ModelCatalog.Find("deepseek-v3.2").KeyValueBytesPerToken().Bytes);

    // 656 and 132 bytes: what vLLM's and SGLang's pools hold of a token in a layer; the indexer's keys are packed in any format.
    [Theory]
    [InlineData("vllm", "fp8", 61 * (656 + 132))]
    [InlineData("sglang", "fp8", 61 * (656 + 132))]
    [InlineData("vllm", "bf16", 61 * ((576 * 2) + 132))]
    [InlineData("llama.cpp", "fp16", 61 * (576 + 128) * 2)]
    public void ServingEnginesPackWhatSparseAttentionCaches(string engine, string cache, long bytes)
    {
        var setup = new MemoryQuestion(engine == "llama.cpp" ? WeightFormat.Q8 : WeightFormat.Fp8)
        {
            Keys = CacheFormat.Find(cache),
            Engine = EngineCatalog.Find(engine),
        };

        Assert.Equal(bytes, ModelCatalog.Find("deepseek-v3.2").InferenceMemory(setup).KeyValueBytesPerToken.Bytes);
    }

    // Granite 4.0 H Micro on SGLang: its log has 72.7 MiB of states a sequence beside 16-bit convolutions.
    [Fact]
    public void SglangKeepsStatesInFloat32()
    {
        ModelDefinition granite = ModelCatalog.Find("granite-4.0-h-micro");
        long sglang = State("sglang"), vllm = State("vllm"), llamaCpp = State("llama.cpp");

        Assert.InRange(sglang / 1048576.0, 72.7 * 0.98, 72.7 * 1.02);
        Assert.Equal(2 * vllm, llamaCpp);
        Assert.True(vllm < sglang && sglang < llamaCpp);

        long State(string engine) => granite.InferenceMemory(
            new MemoryQuestion(WeightFormat.Bf16) { Engine = EngineCatalog.Find(engine) }).State.Bytes;
    }

    [Fact]
    public void AStateDoesNotGrow()
    {
        ModelDefinition mamba = ModelCatalog.Find("mamba-130m");

        Assert.Equal(0, mamba.KeyValueBytesPerToken().Bytes);
        Assert.Equal(mamba.KeyValueCacheMemory(1), mamba.KeyValueCacheMemory(1_000_000));
        // 24 layers × 1,536 channels × (16 states + 3 taps) × 2 bytes
        Assert.Equal(24 * 1536 * (16 + 3) * 2, mamba.StateMemory().Bytes);
    }

    [Fact]
    public void BlocksOfQuantizedCachesCountTheirScales()
    {
        ModelDefinition llama = ModelCatalog.Llama3_1_8b;

        const long keys = 32 * 8 * 128;

        Assert.Equal(2 * keys * 34 / 32, llama.KeyValueBytesPerToken(CacheFormat.Q8).Bytes);
        Assert.Equal(2 * keys * 18 / 32, llama.KeyValueBytesPerToken(CacheFormat.Q4).Bytes);
        Assert.Equal(keys + (keys * 34 / 32), llama.KeyValueBytesPerToken(CacheFormat.Fp8, CacheFormat.Q8).Bytes);
    }

    [Fact]
    public void PagesAreWhole() => Assert.Equal(
        16 * 131_072, ModelCatalog.Llama3_1_8b.InferenceMemory(WeightFormat.Bf16, batch: 1, context: 1,
            engine: EngineCatalog.Vllm).KeyValueCache.Bytes);
}
