using System.Text;

namespace LlmMath.Tests.Speed;

/// <summary>Times shorter than a tick and longer than a <see cref="TimeSpan"/>, and rates that are none.</summary>
public class TimeLimitTests
{
    private static readonly ModelDefinition s_tiny = HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes("""
        {"model_type": "llama", "hidden_size": 1, "intermediate_size": 1, "num_hidden_layers": 1, "num_attention_heads": 1,
         "num_key_value_heads": 1, "head_dim": 2, "vocab_size": 1}
        """)), "tiny");

    [Fact]
    public void TimesBelowATickAreATickAndRatesFinite()
    {
        InferenceEstimate e = s_tiny.EstimateInference(GpuCatalog.H200Sxm141Gb, EngineCatalog.Bound, new(1, 1),
            WeightFormat.Bf16);

        Assert.Equal(TimeSpan.FromTicks(1), e.TimeToFirstToken.Low);
        Assert.Equal(TimeSpan.FromTicks(1), e.TotalTime.High);
        Assert.All(Rates(e), rate => Assert.True(rate > 0 && double.IsFinite(rate)));
        Assert.Equal(1, e.TokensPerSecond.Expected * e.TotalTime.Expected.TotalSeconds, 1e-12);
        Assert.Equal(1, e.TokensPerSecondPerUser.Expected * e.InterTokenLatency.Expected.TotalSeconds, 1e-12);
        Assert.True(double.IsFinite(e.JoulesPerToken!.Value));
    }

    [Fact]
    public void TimesBeyondATimeSpanAreItsLargest()
    {
        var endless = new Workload(int.MaxValue, int.MaxValue, int.MaxValue) { ExtendsContext = true };
        InferenceEstimate e = ModelCatalog.Llama3_1_405b.EstimateInference(GpuCatalog.Rtx3060_12Gb, EngineCatalog.Vllm, endless,
            WeightFormat.Fp16);

        Assert.Equal(TimeSpan.MaxValue, e.TotalTime.High);
        Assert.All(Rates(e), rate => Assert.True(rate > 0 && double.IsFinite(rate)));
        Assert.All(e.Explain(), line => Assert.True(double.IsFinite(line.Seconds), line.Term));
        Assert.Equal(TimeSpan.MaxValue, CacheComparison.Of(e).Recomputed);
    }

    [Fact]
    public void TheNaiveBoundEndsWhereATimeSpanDoes()
    {
        Assert.Equal(TimeSpan.MaxValue, GenerationTime.FullRecompute(long.MaxValue, long.MaxValue, int.MaxValue, 1));
        Assert.Equal(TimeSpan.FromTicks(1), GenerationTime.FullRecompute(1, 1, 1, 1e15));
    }

    [Fact]
    public void TheMostDraftsHaveAYield()
    {
        var drafting = new SpeculativeDecoding(int.MaxValue, 0.5);

        Assert.Equal(2, drafting.TokensPerStep, 1e-12);
        InferenceEstimate e = ModelCatalog.Opt350m.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm,
            new Workload(16, 16) { Speculation = drafting }, WeightFormat.Bf16);
        Assert.Contains(e.Explain(), line => line.Term == "between tokens");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ARateThatIsNoneIsRefused(double rate)
    {
        Gpu gpu = GpuCatalog.H100Sxm80Gb;
        foreach (Gpu broken in new[] { gpu with { BytesPerSecond = rate }, gpu with { Watts = rate },
            gpu with { PeakRates = gpu.PeakRates with { Fp8 = rate } }, gpu with { InterconnectBytesPerSecond = rate } })
        {
            Assert.Equal("Gpu", Assert.Throws<EstimateException>(() => s_tiny.EstimateInference(broken, EngineCatalog.Vllm,
                new(1, 1), WeightFormat.Bf16)).Field);
        }
    }

    private static IEnumerable<double> Rates(InferenceEstimate e) =>
        new[] { e.TokensPerSecond, e.TokensPerSecondPerUser, e.TokensPerSecondPerGpu }
            .SelectMany(rate => new[] { rate.Low, rate.Expected, rate.High });
}
