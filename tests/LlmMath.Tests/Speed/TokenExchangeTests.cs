using LlmMath.Speed.Pass;

namespace LlmMath.Tests.Speed;

/// <summary>What replicas of attention send to the experts that they share.</summary>
public class TokenExchangeTests
{
    private const string Routed = "decode: all-to-all with the experts", Gathered = "decode: exchange with the experts";

    /// <summary>Of two GPUs one is missed by both of two experts with probability ¼: 2 · (1 − ¼) = 1.5.</summary>
    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(2, 2, 1.5)]
    [InlineData(8, 1, 1)]
    [InlineData(8, 32, 7.177604)] // 32 · (1 − (31 ÷ 32)⁸)
    public void ATokenGoesToEachGpuOnce(double experts, int gpus, double expected) =>
        Assert.Equal(expected, TokenExchange.GpusOf(experts, gpus), 1e-6);

    /// <summary>As <c>all_to_all</c> of catalog/engines says, with its sources.</summary>
    [Theory]
    [InlineData("sglang", "gb200", 32, true)]
    [InlineData("sglang", "gb300", 8, true)]
    [InlineData("sglang", "gb200", 4, false)]
    [InlineData("sglang", "b200-sxm-180gb", 8, false)]
    [InlineData("sglang", "h200-sxm-141gb", 8, false)]
    [InlineData("tensorrt-llm", "gb200", 4, true)]
    [InlineData("tensorrt-llm", "b200-sxm-180gb", 8, false)]
    [InlineData("vllm", "gb200", 16, true)]
    [InlineData("vllm", "h200-sxm-141gb", 8, false)]
    public void EnginesRouteWhereTheirFilesSaySo(string engine, string gpu, int gpus, bool isRouted)
    {
        InferenceEstimate estimate = On(engine, gpu, gpus).Speed(new(1024, 128, 16 * gpus));
        Assert.Equal(isRouted ? 1 : 0, estimate.Explain().Count(line => line.Term == Routed));
        Assert.Equal(isRouted ? 0 : 1, estimate.Explain().Count(line => line.Term == Gathered));
    }

    /// <summary>DeepSeek-V3 has 58 layers with experts, 8 of them a token, 7,168 wide. With low-latency kernels a token goes to
    /// each expert in 8 bits and comes back in 16, 1.5 bytes a number in the mean; a thirty-second stays on its GPU.</summary>
    [Fact]
    public void WhatIsSentIsWhatTheWorkingSays()
    {
        // One request a GPU: one token in a step.
        InferenceEstimate one = On("sglang", "gb200", 32).Speed(new(1024, 128, 32));
        (double bytes, _) = Sent(one, Routed);
        Assert.Equal(8 * 7168 * 1.5 * 31 / 32, bytes, 0.01);
        // TensorRT-LLM sends a token once to each GPU; gathering takes all 8 GPUs' tokens in 16 bits.
        (bytes, _) = Sent(On("tensorrt-llm", "gb200", 32).Speed(new(1024, 128, 32)), Routed);
        Assert.Equal(TokenExchange.GpusOf(8, 32) * 7168 * 1.5 * 31 / 32, bytes, 0.01);
        (bytes, _) = Sent(On("sglang", "h200-sxm-141gb", 8).Speed(new(1024, 128, 8)), Gathered);
        Assert.Equal(7 * 7168 * 2, bytes, 0.01);
        Assert.StartsWith("116 × ", one.Explain().Single(line => line.Term == Routed).Formula, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreTokensTakeLongerAndNeverLessThanTheLink()
    {
        double link = GpuCatalog.Gb200.LinkBytesPerSecond / 2, before = 0;
        foreach (int requests in new[] { 32, 64, 256, 1024, 4096, 16384 })
        {
            InferenceEstimate estimate = On("tensorrt-llm", "gb200", 32).Speed(new(64, 32, requests));
            (double bytes, double seconds) = Sent(estimate, Routed);
            Assert.True(seconds > before && seconds >= 116 * bytes / link, $"{requests}: {bytes} in {seconds}");
            before = seconds;
        }
    }

    [Fact]
    public void TheBoundIsLessThanAnyEngines()
    {
        foreach (string engine in new[] { "vllm", "sglang", "tensorrt-llm" })
        {
            foreach (int gpus in new[] { 4, 8, 32 })
            {
                InferenceEstimate estimate = On(engine, "gb200", gpus).Speed(new(64, 32, 64 * gpus));
                double least = Sent(On("bound", "gb200", gpus).Speed(new(64, 32, 64 * gpus)), Gathered).Seconds;
                Assert.InRange(least, 0, estimate.Explain().Single(line => line.Term is Routed or Gathered).Seconds);
            }
        }
    }

    private static Deployment On(string engine, string gpu, int gpus) =>
        new(ModelCatalog.DeepseekV3, GpuCatalog.Find(gpu), EngineCatalog.Find(engine), WeightFormat.Fp8)
        {
            Placement = new() { Data = gpus, Expert = gpus },
        };

    // The amount stands in the formula: times × amount bytes ÷ …
    private static (double Bytes, double Seconds) Sent(in InferenceEstimate estimate, string term)
    {
        SpeedLine line = estimate.Explain().Single(line => line.Term == term);
        string amount = line.Formula.Split('×')[1].Split("bytes")[0];
        return (double.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), line.Seconds);
    }
}
