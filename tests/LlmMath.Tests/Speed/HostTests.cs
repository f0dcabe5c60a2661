using LlmMath.Architectures;
using LlmMath.Speed.Pass;

namespace LlmMath.Tests.Speed;

/// <summary>What lies in system memory is slower the more there is of it and the slower the memory is; prompts copy weights once
/// a pass.</summary>
public class HostTests
{
    private static readonly Workload s_load = new(2048, 100);

    private static readonly Deployment s_mixture = new(ModelCatalog.Find("qwen3-30b-a3b"), GpuCatalog.Rtx4090,
        EngineCatalog.LlamaCpp, WeightFormat.Q4KM);

    [Fact]
    public void EachLayerOfExpertsMoreInSystemMemoryTakesLonger()
    {
        double last = 0;
        foreach (int layers in (int[])[0, 1, 12, 47, 48])
        {
            double time = Token(s_mixture with { Tensors = new() { Rules = [TensorRule.ExpertsOfFirst(layers)] } });
            Assert.True(time > last, $"{layers} layers");
            last = time;
        }
    }

    /// <summary>-ngl 99 puts all layers on the GPU: the embedding that the processor looks up tells nothing of its
    /// speed.</summary>
    [Fact]
    public void WithAllLayersOnTheGpuItIsTheGpusEstimate()
    {
        InferenceEstimate plain = s_mixture.Speed(s_load);
        InferenceEstimate all = (s_mixture with { Tensors = new() { GpuLayers = 99 } }).Speed(s_load);
        Assert.Equal(plain.InterTokenLatency, all.InterTokenLatency);
        Assert.Equal(plain.TimeToFirstToken, all.TimeToFirstToken);
        Assert.Equal(plain.Basis, all.Basis);
    }

    [Fact]
    public void FasterMemoryIsFasterAndFewThreadsAreSlower()
    {
        Deployment host = s_mixture with { Tensors = new() { Rules = [TensorRule.AllExperts] } };
        Assert.True(Token(host with { Node = new() { HostBytesPerSecond = 40e9 } }) > Token(host));
        Assert.True(Token(host with { Node = new() { HostThreads = 1 } }) > Token(host));
    }

    [Fact]
    public void PromptsCopyWeightsOnceAPass()
    {
        Deployment host = s_mixture with { Tensors = new() { Rules = [TensorRule.AllExperts] } };
        double small = Prompt(host), large = Prompt(host with { Engine = EngineCatalog.LlamaCpp.WithPass(2048) });
        Assert.InRange(large, 0.2 * small, 0.7 * small);
    }

    /// <summary>512 tokens give each of 128 experts, of which 8 are active, 32: from there on the fork copies. A slower link then
    /// takes longer, as it does not where nothing is copied.</summary>
    [Theory]
    [InlineData(511, true, false)]
    [InlineData(512, true, true)]
    [InlineData(512, false, false)]
    public void TheForkCopiesExpertsThatHaveTokensEnough(int tokens, bool copies, bool isSlower)
    {
        Deployment fork = s_mixture with
        {
            Engine = EngineCatalog.IkLlamaCpp, Tensors = new() { Rules = [TensorRule.AllExperts] }, CopiesHostWeights = copies,
        };
        double Of(double link) => (fork with { Node = new() { PcieBytesPerSecond = link } }).Speed(new(tokens, 1))
            .TimeToFirstToken.Expected.TotalSeconds;
        Assert.Equal(isSlower, Of(2e9) > 1.5 * Of(64e9));
    }

    [Fact]
    public void AProcessorAloneReadsItsMemory()
    {
        var alone = new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.Ryzen9_7950x, EngineCatalog.LlamaCpp, WeightFormat.Q4KM)
        {
            Tensors = TensorPlacement.Host,
        };
        double bytes = alone.Model.WeightMemory(WeightFormat.Q4KM).Bytes, rate = GpuCatalog.Ryzen9_7950x.BytesPerSecond!.Value;
        Assert.InRange(Token(alone), bytes / rate, 3 * bytes / rate);
    }

    /// <summary>llama.cpp reads prompts in Q4_0 2.1 times as fast as in IQ4_XS on a Ryzen 9 7950X, its fork equally fast. Source:
    /// ikawrakow/ik_llama.cpp@8337e4cd3, github-data/discussions/164: rows that no constant was fitted to.</summary>
    [Theory]
    [InlineData("llama.cpp", 1.6, 4)]
    [InlineData("ik_llama.cpp", 0.9, 1.1)]
    public void AProcessorReadsPromptsAsItsKernelsDo(string engine, double low, double high)
    {
        double Of(string weights) => Prompt(new(ModelCatalog.Llama3_1_8b, GpuCatalog.Ryzen9_7950x, EngineCatalog.Find(engine),
            WeightFormat.Find(weights)) { Tensors = TensorPlacement.Host });
        Assert.InRange(Of("iq4_xs") / Of("q4_0"), low, high);
    }

    [Fact]
    public void OverPackedCachesFlashAttentionOfProcessorsIsSlower()
    {
        Deployment packed = new(ModelCatalog.Llama3_1_8b, GpuCatalog.Ryzen9_7950x, EngineCatalog.LlamaCpp, WeightFormat.Q4KM)
        {
            Tensors = TensorPlacement.Host, Keys = CacheFormat.Find("q8_0"), Values = CacheFormat.Find("q8_0"),
        };
        double Deep(Deployment of) => of.Speed(new(16_384, 1) { CachedPromptTokens = 15_872 })
            .TimeToFirstToken.Expected.TotalSeconds;
        Assert.True(Deep(packed) > 1.5 * Deep(packed with { Keys = CacheFormat.Fp16, Values = CacheFormat.Fp16 }));
    }

    [Fact]
    public void WhatItRestsOnAsksForTheProcessor()
    {
        Deployment host = s_mixture with { Tensors = new() { Rules = [TensorRule.AllExperts] } };
        Assert.Equal(Basis.Extrapolated, host.Speed(s_load).Basis);
        Assert.Contains("a processor that is not named", host.Speed(s_load).Evidence());
        Gpu known = GpuCatalog.Ryzen9_7950x;
        Assert.True((host with { Node = new() { Host = known } }).Speed(s_load).Basis < Basis.Extrapolated);
    }

    [Fact]
    public void TheBoundOfAProcessorIsItsMemoryAndItsIntegers()
    {
        Gpu processor = GpuCatalog.Ryzen9_7950x;
        HostSide Host(int? threads) => DeployedModel.Of(new(new(ModelCatalog.Llama3_1_8b, processor, EngineCatalog.LlamaCpp,
            WeightFormat.Q4KM)
        {
            Tensors = TensorPlacement.Host,
            Node = new() { HostThreads = threads },
        })).AtBound.Host!;
        Assert.Equal(processor.BytesPerSecond, Host(2).BytesPerSecond);
        Assert.Equal(4 * processor.PeakRates.Fp32, Host(null).OperationsPerSecond);
        Assert.Equal(processor.PeakRates.Fp32 / 2, Host(2).OperationsPerSecond);
    }

    [Fact]
    public void ABackendThatWasNotMeasuredIsRefused() => Assert.Contains("none of llama.cpp's",
        Assert.Throws<ArgumentException>(() => Token(s_mixture with { Backend = "opencl" })).Message);

    [Theory]
    [InlineData("metal")]
    [InlineData("rocm")]
    [InlineData("cpu")]
    public void ABackendOfAnotherVendorIsRefused(string backend) => Assert.Contains($"{backend} runs on",
        Assert.Throws<ArgumentException>(() => Token(s_mixture with { Backend = backend })).Message);

    private static double Token(Deployment deployment) => deployment.Speed(s_load).InterTokenLatency.Expected.TotalSeconds;

    private static double Prompt(Deployment deployment) => deployment.Speed(s_load).TimeToFirstToken.Expected.TotalSeconds;
}
