namespace LlmMath.Tests.Memory;

/// <summary>Caches that pool tokens: what a token adds once every window is full.</summary>
public class CompressedCacheTests
{
    // ai-dynamo/aisimulate, docs/deepseek-v41.md, commit 24b9af3: 584 bytes of a pooled vector and 68 of its indexer key, three
    // layers with two tokens an entry and one with one: 1,630 bytes a token.
    [Fact]
    public void SglangsCacheOfDeepSeekV41GrowsAsPublished() =>
        Assert.Equal(1_630, Growth("deepseek-v4.1-flash", "sglang", "fp8"));

    // By hand, 16 bits: 21 layers of 4 tokens an entry, 20 (V4-Flash) or 31 (V4-Pro) and 30 of 128; 512 elements, 128 the
    // indexer.
    [Theory]
    [InlineData("deepseek-v4-flash", ((21 * (512 + 128) * 2) / 4) + (20 * 512 * 2 / 128))]
    [InlineData("deepseek-v4-pro", ((30 * (512 + 128) * 2) / 4) + (31 * 512 * 2 / 128))]
    [InlineData("deepseek-v4.1-flash", ((3 * (512 + 128) * 2) / 2) + ((512 + 128) * 2))]
    public void WithoutAnEngineEntriesAre16Bits(string model, long bytes) =>
        Assert.Equal(bytes, ModelCatalog.Find(model).KeyValueBytesPerToken(beyondWindows: true).Bytes);

    // By hand, 16 bits: MiniMax M3 caches keys and values of 4 heads of 128 elements in 60 layers, an indexer key of 128 in 57
    // (mlx-vlm's MiniMaxM3KVCache); Kimi K3 latent vectors of 512 + 64 in 24 (vLLM's and NeMo's MLA).
    [Theory]
    [InlineData("minimax-m3", ((60 * 2 * 4 * 128) + (57 * 128)) * 2)]
    [InlineData("kimi-k3", 24 * (512 + 64) * 2)]
    [InlineData("glm-5.3", ((78 * (512 + 64)) + (21 * 128)) * 2)]
    public void ATokenTakesItsKeysAndTheIndexersKeys(string model, long bytes) =>
        Assert.Equal(bytes, ModelCatalog.Find(model).KeyValueBytesPerToken().Bytes);

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(1003, 250)]
    public void AnEntryIsHeldWhenItsTokensAreWhole(long context, long entries)
    {
        var pooled = new CompressedContext
        {
            HiddenSize = 8, Heads = 2, HeadDim = 16, RopeHeadDim = 4, QueryRank = 4, TokensPerEntry = 4, Indexer = new(2, 8, 2),
        };

        Assert.Equal(entries * (16 + 8), pooled.Cache.ElementsAt(context));
        Assert.Equal(Math.Min(context / 4.0, 2), pooled.Work.Attended(context));
        Assert.Equal(0, (pooled with { SharesEntries = true }).Cache.ElementsAt(context));
    }

    // inference/model.py of the checkpoint, Compressor: in float32, vectors and scores of 2 · 4 tokens 2 · 512 wide, and of the
    // indexer's keys 2 · 128 wide, in 21 layers (V4-Pro: 30); of 128 tokens 512 wide in 20 (31). V4.1: of 2 tokens in three
    // layers.
    [Theory]
    [InlineData("deepseek-v4-flash", 12_206_080, 4 * 2 * ((21 * 8 * (1024 + 256)) + (20 * 128 * 512)))]
    [InlineData("deepseek-v4-pro", 18_710_528, 4 * 2 * ((30 * 8 * (1024 + 256)) + (31 * 128 * 512)))]
    [InlineData("deepseek-v4.1-flash", 24_576, 4 * 2 * 3 * 2 * 512)]
    public void ACompressorHoldsTokensNotYetPooled(string model, long bytes, long byHand)
    {
        Assert.Equal(bytes, byHand);
        Assert.Equal(bytes, ModelCatalog.Find(model).StateMemory().Bytes);
    }

    private static long Growth(string model, string engine, string cache)
    {
        const int tokens = 1 << 18;
        return (Cached(2 * tokens) - Cached(tokens)) / tokens;

        long Cached(int context) => ModelCatalog.Find(model).InferenceMemory(new MemoryQuestion(WeightFormat.Fp8)
        {
            Context = context,
            Keys = CacheFormat.Find(cache),
            Values = CacheFormat.Find(cache),
            Engine = EngineCatalog.Find(engine),
        }).KeyValueCache.Bytes;
    }
}
