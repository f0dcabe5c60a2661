namespace LlmMath.Tests.Memory;

/// <summary>Bytes of caches of few bits, as their engines state them.</summary>
public class CacheFormatLayoutTests
{
    // Bytes of a head of 128 elements and a token, keys and values. nvfp4: vllm-project/vllm, pull request 37192 (18,432 bytes a
    // page where 16 bits are 65,536). TurboQuant: key_packed_size + value_packed_size of config.py at 1471680b2. int4: two
    // 16-bit numbers beside each head (InternLM/lmdeploy, kv_quant.md).
    [Theory]
    [InlineData("bf16", 512)]
    [InlineData("fp8", 256)]
    [InlineData("nvfp4", 65_536 / 128 * 18_432 / 65_536)]
    [InlineData("int4", 2 * (64 + 4))]
    [InlineData("turboquant_k8v4", 128 + 64 + 4)]
    [InlineData("turboquant_4bit_nc", 64 + 2 + 64 + 4)]
    [InlineData("turboquant_k3v4_nc", 48 + 2 + 64 + 4)]
    [InlineData("turboquant_3bit_nc", 48 + 2 + 48 + 4)]
    public void AHeadOf128TakesWhatItsEngineSays(string format, long bytes) =>
        Assert.Equal(8 * LayersOf(format, 32, bytes), PerToken("llama-3.1-8b", format));

    // Qwen3-Next has recurrent layers: none of its twelve others is left out. 2 heads of 256.
    [Fact]
    public void OfAHybridNoLayerIsLeftOut() =>
        Assert.Equal(12 * 2 * (128 + 2 + 128 + 4), PerToken("qwen3-next-80b-a3b-instruct", "turboquant_4bit_nc"));

    [Fact]
    public void WhatNoEngineHasIsRefused()
    {
        var half = new Deployment(ModelCatalog.Llama3_1_8b, WeightFormat.Bf16)
        {
            Keys = CacheFormat.Find("turboquant_k8v4"), Values = CacheFormat.Fp8,
        };
        Assert.Contains("for both", Assert.Throws<EstimateException>(() => half.Memory(new Workload(1, 1))).Message);
        var latent = new Deployment(ModelCatalog.DeepseekV3, WeightFormat.Fp8) { Keys = CacheFormat.Find("turboquant_k8v4") };
        Assert.Contains("vectors", Assert.Throws<EstimateException>(() => latent.Memory(new Workload(1, 1))).Message);
    }

    // All layers, or but for the first two and the last two, which keep 16 bits (get_boundary_skip_layers).
    private static long LayersOf(string format, int layers, long bytes) =>
        format.StartsWith("turboquant", StringComparison.Ordinal) ? ((layers - 4) * bytes) + (4 * 512) : layers * bytes;

    private static long PerToken(string model, string format) =>
        ModelCatalog.Find(model).KeyValueBytesPerToken(CacheFormat.Find(format)).Bytes;
}
