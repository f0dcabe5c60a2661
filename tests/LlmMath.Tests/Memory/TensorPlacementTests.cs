using LlmMath.Architectures;

namespace LlmMath.Tests.Memory;

/// <summary>Where tensors lie, against what llama.cpp and its fork print when they load. Source of the figures:
/// github:ikawrakow/ik_llama.cpp@8337e4cd3, github-data (logs of Qwen3 235B A22B and Llama 3.1 8B).</summary>
public class TensorPlacementTests
{
    [Theory]
    [InlineData("q8_0", 22301.14, 216054.59, @"blk\.([6-9]|[1-9][0-9])\.ffn_.*_exps=CPU")]
    [InlineData("q8_0", 44333.13, 194022.59, @"blk\.(1[5-9]|[2-9][0-9])\.ffn_.*_exps=CPU")]
    [InlineData("q8_0", 22123.76, 216231.97, @"blk\.[0-5]\.ffn_.*=CUDA0", @"blk\.[0-9]+\.ffn.*=CPU")]
    [InlineData("q6_k", 32220.09, 151848.11, @"blk\.([0-9]|1[0-3])\.ffn.*=CUDA0", @"ffn.*=CPU")]
    public void BuffersAreThoseThatAreLogged(string weights, double gpu, double host, params string[] rules)
    {
        MemoryEstimate e = Of(ModelCatalog.Qwen3_235bA22b, weights, new() { Rules = [.. rules.Select(TensorRule.Parse)] });
        Assert.Equal(gpu, (e.Weights.Bytes - e.HostWeights.Bytes) / 1048576.0, 0.011);
        Assert.Equal(host, e.HostWeights.Bytes / 1048576.0, 0.006);
    }

    [Fact]
    public void SixExpertLayersLessIsTheSameAsItsPattern()
    {
        MemoryEstimate flag = Of(ModelCatalog.Qwen3_235bA22b, "q8_0", new() { Rules = [TensorRule.ExpertsOfFirst(10)] });
        MemoryEstimate pattern = Of(ModelCatalog.Qwen3_235bA22b, "q8_0",
            new() { Rules = [TensorRule.Parse(@"blk\.[0-9]\.ffn_(up|down|gate)_exps=CPU")] });
        Assert.Equal(flag.HostWeights, pattern.HostWeights);
        Assert.Equal(flag.PerGpu, pattern.PerGpu);
        Assert.Equal(Of(ModelCatalog.Qwen3_235bA22b, "q8_0", new() { Rules = [TensorRule.AllExperts] }).HostWeights,
            Of(ModelCatalog.Qwen3_235bA22b, "q8_0", new() { Rules = [TensorRule.ExpertsOfFirst(94)] }).HostWeights);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(99)]
    public void LayersLieOnOneSideOrTheOther(int layers)
    {
        MemoryEstimate all = Of(ModelCatalog.Llama3_1_8b, "q4_0", new());
        MemoryEstimate split = Of(ModelCatalog.Llama3_1_8b, "q4_0", new() { GpuLayers = layers });
        Assert.Equal(all.Weights, split.Weights);
        Assert.Equal(all.KeyValueCache, split.KeyValueCache);
        Assert.Equal(layers >= 33, split.Host == all.Host);
        Assert.Equal(layers == 0, split.PerGpu.Bytes == 0);
    }

    [Theory]
    [InlineData("nothing=CPU", "is of no tensor")]
    [InlineData("exps", "is no rule")]
    [InlineData("exps=MOON", "is no device")]
    [InlineData("(=CPU", "cannot be read")]
    [InlineData(@"(?=ffn)=CPU", "cannot be read")]
    public void WhatCannotBeIsRefused(string rule, string because)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() =>
            Of(ModelCatalog.Qwen3_235bA22b, "q8_0", new() { Rules = [TensorRule.Parse(rule)] }));
        Assert.Contains(because, error.Message);
    }

    [Fact]
    public void MoreLayersThanThereAreAreRefusedAndSoAreExpertsWhereThereAreNone()
    {
        Assert.Contains("more layers than the 94", Assert.Throws<ArgumentException>(() => Of(ModelCatalog.Qwen3_235bA22b, "q8_0",
            new() { Rules = [TensorRule.ExpertsOfFirst(95)] })).Message);
        Assert.Contains("has none", Assert.Throws<ArgumentException>(() => Of(ModelCatalog.Llama3_1_8b, "q8_0",
            new() { Rules = [TensorRule.AllExperts] })).Message);
        Assert.Contains("0 or more", Assert.Throws<ArgumentException>(() => Of(ModelCatalog.Llama3_1_8b, "q8_0",
            new() { GpuLayers = -1 })).Message);
    }

    [Fact]
    public void WhatFitsIsFound()
    {
        var deployment = new Deployment(ModelCatalog.Find("gpt-oss-120b"), GpuCatalog.Rtx4090, EngineCatalog.LlamaCpp,
            WeightFormat.Find("mxfp4_moe"));
        var load = new Workload(1000, 100);
        Deployment fitting = deployment.Fitting(load);
        Assert.False(deployment.Memory(load).Fits);
        Assert.True(fitting.Memory(load).Fits);
        int layers = fitting.Tensors!.Rules[0].ExpertLayers!.Value;
        Assert.False((deployment with { Tensors = new() { Rules = [TensorRule.ExpertsOfFirst(layers - 1)] } }).Memory(load).Fits);
    }

    private static MemoryEstimate Of(ModelDefinition model, string weights, TensorPlacement tensors) =>
        new Deployment(model, null, EngineCatalog.LlamaCpp, WeightFormat.Find(weights)) { Tensors = tensors }
            .Memory(Workload.OfContext(512));
}
