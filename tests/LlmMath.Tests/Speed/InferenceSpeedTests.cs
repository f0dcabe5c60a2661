using LlmMath.Speed;

namespace LlmMath.Tests.Speed;

public class InferenceSpeedTests
{
    private static readonly Workload s_chat = new(promptTokens: 1024, outputTokens: 256, requests: 8);

    [Fact]
    public void RangesEncloseWhatIsExpected()
    {
        InferenceEstimate e = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, s_chat,
            WeightFormat.Fp8);
        Assert.True(e.TimeToFirstToken.Low < e.TimeToFirstToken.Expected
            && e.TimeToFirstToken.Expected < e.TimeToFirstToken.High);
        Assert.True(e.InterTokenLatency.Low < e.InterTokenLatency.Expected
            && e.InterTokenLatency.Expected < e.InterTokenLatency.High);
        Assert.True(e.TokensPerSecond.Low < e.TokensPerSecond.Expected && e.TokensPerSecond.Expected < e.TokensPerSecond.High);
        Assert.Equal((e.TimeToFirstToken.Expected + (255 * e.InterTokenLatency.Expected)).TotalSeconds,
            e.TotalTime.Expected.TotalSeconds, 6);
        Assert.Equal(8 * 256 / e.TotalTime.Expected.TotalSeconds, e.TokensPerSecond.Expected, 3);
    }

    /// <summary>By hand: 2 bytes × 8,030,261,248 parameters less the embedding's 525,336,576, and 512.5 tokens of 131,072 cached
    /// bytes, at 3.35 TB/s.</summary>
    [Fact]
    public void TheBoundOfOneTokenIsBytesOverBandwidth()
    {
        var one = new Workload(promptTokens: 512, outputTokens: 1);
        InferenceEstimate e = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Bound, one,
            WeightFormat.Bf16);
        double bytes = (2 * (8_030_261_248L - 525_336_576)) + (512.5 * 131_072);
        Assert.Equal(bytes / 3.35e12, e.InterTokenLatency.Expected.TotalSeconds, 1e-6);
        Assert.Equal(Basis.Bound, e.Basis);
        Assert.Equal(Bottleneck.WeightBandwidth, e.Bottleneck);
        Assert.Equal(e.InterTokenLatency.Low, e.InterTokenLatency.High);
    }

    /// <summary>By hand: two operations an element of the blocks and token, the head once, and causal attention's pairs, at 989
    /// TFLOPS.</summary>
    [Fact]
    public void TheBoundOfAPromptIsItsProducts()
    {
        var read = new Workload(promptTokens: 4096, outputTokens: 1);
        InferenceEstimate e = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Bound, read,
            WeightFormat.Bf16);
        double blocks = 32 * ((2.0 * 4096 * 4096) + (2.0 * 1024 * 4096) + (3.0 * 14336 * 4096)), head = 128256.0 * 4096;
        double operations = (2 * blocks * 4096) + (2 * head) + (32 * 4.0 * 4096 * (4096.0 * 4096 / 2));
        Assert.Equal(operations / 989e12, e.TimeToFirstToken.Expected.TotalSeconds, 1e-4);
    }

    [Fact]
    public void ExpertsTouchedFollowTheTokens()
    {
        // 256 experts, 8 a token: one token touches 8, two touch 8 + 8·(1 − 8/256).
        var work = LlmMath.Placement.Work.ModelWork.Of(ModelCatalog.DeepseekV3.Architecture, WeightFormat.Fp8);
        LlmMath.Placement.Work.ExpertWork experts = Assert.Single(work.Experts);
        Assert.Equal(8, experts.Touched(1), 1e-9);
        Assert.Equal(15.75, experts.Touched(2), 1e-9);
        Assert.InRange(experts.Touched(1000), 255.9, 256);
        Assert.Equal((58, 256L, 8L), (experts.Layers, experts.Experts, experts.Active));
    }

    [Fact]
    public void FoldedElementsAreTheModelsParameters()
    {
        // All but the embedding, norms and biases, which nothing is multiplied by.
        foreach (ModelDefinition model in new[] { ModelCatalog.Llama3_1_8b, ModelCatalog.DeepseekV3, ModelCatalog.GptOss120b })
        {
            var work = LlmMath.Placement.Work.ModelWork.Of(model.Architecture, WeightFormat.Bf16);
            double elements = work.Blocks.Elements + work.Head.Elements
                + work.Experts.Sum(e => e.Layers * e.Experts * e.Each.Elements);
            Assert.InRange(elements
                / (model.ParameterCount() - (model.Architecture.VocabularySize * model.Architecture.HiddenSize)), 0.995, 1);
        }
    }

    [Fact]
    public void MoreWorkTakesLonger()
    {
        InferenceEstimate Of(int prompt, int batch, int tensor) =>
            ModelCatalog.Llama3_1_70b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm,
            new(prompt, 256, batch), WeightFormat.Fp8, new() { Tensor = tensor });
        Assert.True(Of(4096, 8, 4).TimeToFirstToken.Expected > Of(1024, 8, 4).TimeToFirstToken.Expected);
        Assert.True(Of(1024, 64, 4).InterTokenLatency.Expected > Of(1024, 8, 4).InterTokenLatency.Expected);
        Assert.True(Of(1024, 64, 4).TokensPerSecond.Expected > Of(1024, 8, 4).TokensPerSecond.Expected);
        Assert.True(Of(1024, 8, 2).InterTokenLatency.Expected > Of(1024, 8, 8).InterTokenLatency.Expected);
    }

    [Fact]
    public void RequestsWithoutRoomQueue()
    {
        var many = new Workload(8192, 1024, 256);
        InferenceEstimate e = ModelCatalog.Llama3_1_70b.EstimateInference(GpuCatalog.H200Sxm141Gb, EngineCatalog.Vllm, many,
            WeightFormat.Fp8);
        Assert.InRange(e.RunningRequests, 1, 64);
        Assert.True(e.TimeToFirstToken.Expected > TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void ACachedPrefixAndDraftsSaveTime()
    {
        InferenceEstimate plain = Estimate(s_chat), cached = Estimate(s_chat with { CachedPromptTokens = 1000 });
        InferenceEstimate drafted = Estimate(s_chat with { Speculation = new SpeculativeDecoding(3, 0.7) });
        Assert.True(cached.TimeToFirstToken.Expected < plain.TimeToFirstToken.Expected);
        Assert.True(drafted.InterTokenLatency.Expected < plain.InterTokenLatency.Expected);
        Assert.Equal(2.533, new SpeculativeDecoding(3, 0.7).TokensPerStep, 3);

        static InferenceEstimate Estimate(Workload workload) =>
            ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, workload, WeightFormat.Fp8);
    }

    [Fact]
    public void WhatItRestsOnIsSaidAndWidensTheRange()
    {
        InferenceEstimate Of(Gpu gpu) =>
            ModelCatalog.Llama3_1_8b.EstimateInference(gpu, EngineCatalog.Vllm, s_chat, WeightFormat.Fp8);
        InferenceEstimate measured = Of(GpuCatalog.H100Sxm80Gb), interpolated = Of(GpuCatalog.H100Pcie80Gb),
            extrapolated = Of(GpuCatalog.Mi300x);
        Assert.Equal((Basis.Measured, Basis.Interpolated, Basis.Extrapolated),
            (measured.Basis, interpolated.Basis, extrapolated.Basis));
        Assert.True(Width(measured) < Width(interpolated) && Width(interpolated) < Width(extrapolated));

        static double Width(InferenceEstimate e) => e.InterTokenLatency.High / e.InterTokenLatency.Low;
    }

    [Fact]
    public void AFormatWithoutARateIsWidenedAndSaysSo()
    {
        InferenceEstimate ampere = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.A100Sxm80Gb, EngineCatalog.Vllm, s_chat,
            WeightFormat.Fp8);
        InferenceEstimate hopper = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, s_chat,
            WeightFormat.Fp8);
        Assert.True(ampere.DequantizesWeights);
        Assert.False(hopper.DequantizesWeights);
    }

    [Fact]
    public void BadInputNamesTheField()
    {
        Assert.Contains("PromptTokens", Error(new(0, 1)));
        Assert.Contains("OutputTokens", Error(new(1, -1)));
        Assert.Contains("Requests", Error(new(1, 1, 0)));
        Assert.Contains("Context", Error(new(200_000, 1)));
        Assert.Contains("CachedPromptTokens", Error(new(10, 1) { CachedPromptTokens = 10 }));
        Assert.Contains("Parallelism.Tensor", Error(new(10, 1), 3));
        Assert.Contains("Speculation", Error(new(10, 1) { Speculation = new(0, 0.5) }));

        static string Error(Workload workload, int tensor = 1) => Assert.ThrowsAny<ArgumentException>(() =>
            ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, workload, WeightFormat.Fp8,
                new() { Tensor = tensor })).Message;
    }

    [Fact]
    public void EstimatingAllocatesNothing()
    {
        double sum = 0;
        Deployment dense = new(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, WeightFormat.Fp8);
        Deployment mixture = new(ModelCatalog.DeepseekV3, GpuCatalog.H200Sxm141Gb, EngineCatalog.Sglang, WeightFormat.Fp8)
        {
            Placement = new() { Tensor = 8 },
        };
        Workload[] workloads = [.. Enumerable.Range(1, 64).Select(requests => new Workload(1024, 256, requests))];
        Assert.Equal(0, Allocation.Least(() => sum = Sum()));
        Assert.Equal(Sum(), sum);

        double Sum()
        {
            double sum = 0;
            foreach (Workload workload in workloads)
            {
                sum += dense.Speed(workload).TotalTime.Expected.TotalSeconds;
                sum += mixture.Speed(workload).TotalTime.Expected.TotalSeconds;
            }

            return sum;
        }
    }

    [Fact]
    public void TheWorkingAddsUp()
    {
        InferenceEstimate e = ModelCatalog.DeepseekV3.EstimateInference(GpuCatalog.H200Sxm141Gb, EngineCatalog.Sglang,
            s_chat, WeightFormat.Fp8, new() { Tensor = 8 });
        ValueList<SpeedLine> lines = e.Explain();
        double pass = lines.Single(line => line.Term == "decode: pass").Seconds;
        Assert.Equal(pass, lines.Where(line => line.Term.StartsWith("decode: ", StringComparison.Ordinal))
            .Sum(line => line.Seconds) - pass, 1e-12);
        Assert.DoesNotContain(lines, line => line.Formula.Length == 0);
        Assert.Equal(e.TotalTime.Expected.TotalSeconds, lines.Single(line => line.Term == "total").Seconds, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void EveryModelHasAnEstimate(string name)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        foreach (Engine engine in EngineCatalog.All.Where(engine => engine.Speed is not null))
        {
            WeightFormat format = engine.Supports(WeightFormat.Bf16, CacheFormat.Bf16) ? WeightFormat.Bf16 : WeightFormat.Fp16;
            InferenceEstimate Estimate() => model.EstimateInference(GpuCatalog.H200Sxm141Gb, engine,
                new(64, 32, 2) { ExtendsContext = true }, format);
            bool isBound = EngineChoice.Of(engine.Speed!, GpuCatalog.H200Sxm141Gb).Basis == Basis.Bound;
            if (!isBound && model.Architecture.Blocks.Any(block => block.Mixers.Any(mixer =>
                mixer.Work.Overhead == MixerOverhead.Unmeasured
                    && !(engine.Speed!.Kernels is not null && mixer.Kernel.IsKnownAlone))))
            {
                Assert.Contains("no engine was measured", Assert.Throws<EstimateException>(() => Estimate()).Message);
                continue;
            }

            InferenceEstimate e = Estimate();
            Assert.True(e.InterTokenLatency.Expected > TimeSpan.Zero && e.TimeToFirstToken.Expected > TimeSpan.Zero, engine.Name);
        }
    }

    public static TheoryData<string> Everything() => [.. ModelCatalog.Entries.Names];
}
