using LlmMath.Placement.Work;
using LlmMath.Speed.Pass;

namespace LlmMath.Tests.Speed;

/// <summary>Each term of an estimate by hand, on the bound of eight H100: 3.35 TB/s, 989 TFLOPS, 450 GB/s a direction; and where
/// its limits lie.</summary>
public class SpeedFormulaTests
{
    private const double Bandwidth = 3.35e12, Link = 450e9;

    // Llama 3.1 8B in bf16: everything but the embedding, once a pass; keys and values of 8 heads of 128 in 32 layers.
    private const double WeightBytes = 2 * (8_030_261_248.0 - 525_336_576), CacheBytes = 131_072;

    private static readonly Workload s_one = new(promptTokens: 1024, outputTokens: 256) { Arrival = Arrival.Together };

    [Theory]
    [InlineData(3, 0.0, 1)]
    [InlineData(3, 0.5, 1.875)]
    [InlineData(3, 1.0, 4)]
    [InlineData(1, 0.8, 1.8)]
    public void AStepYieldsTheAcceptedDraftsAndOne(int drafts, double acceptance, double tokens) =>
        Assert.Equal(tokens, new SpeculativeDecoding(drafts, acceptance).TokensPerStep, 1e-12);

    /// <summary>A pass over 1 + k tokens, k drafts of a tenth of it each, ÷ the tokens that it yields.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    [InlineData(1.0)]
    public void DraftsAreCheckedInOnePassThatTheyShare(double acceptance)
    {
        var drafting = new SpeculativeDecoding(3, acceptance, DraftCost: 0.1);
        InferenceEstimate e = Bound(s_one with { Speculation = drafting });
        // Four tokens are too few to outweigh reading: the pass is that of one.
        double pass = (WeightBytes + ((1024 + 128) * CacheBytes)) / Bandwidth;
        Assert.Equal(pass * 1.3 / drafting.TokensPerStep, e.InterTokenLatency.Expected.TotalSeconds, 1e-6);
    }

    /// <summary>Half of the steps between two looks; 20 steps for others, of which one comes in that time:
    /// 20 · (1 + ½) ÷ (1 + 1).</summary>
    [Theory]
    [InlineData(11, 0, 5)]
    [InlineData(1, 20, 15)]
    public void ANewRequestWaitsUntilItIsAdmitted(int poll, int gather, double steps)
    {
        Workload workload = new(1024, 80, 4) { Arrival = Arrival.Continuous };
        InferenceEstimate at = Bound(workload with { PollSteps = poll, GatherSteps = gather }), once = Bound(workload);
        Assert.Equal(steps, (at.TimeToFirstToken.Expected - once.TimeToFirstToken.Expected) / once.InterTokenLatency.Expected, 2);
        Assert.Contains("PollSteps", Assert.Throws<EstimateException>(() => Bound(workload with { PollSteps = 0 })).Message);
        Assert.Contains("GatherSteps", Assert.Throws<EstimateException>(() => Bound(workload with { GatherSteps = -1 })).Message);
    }

    [Fact]
    public void APrefixThatIsCachedIsAttendedToAndNotRead()
    {
        InferenceEstimate all = Bound(new(4096, 1)), one = Bound(new Workload(4096, 1) { CachedPromptTokens = 4095 });
        // One token more: every weight is read, as in decode; its products are hidden, its pairs (4 · 4096 operations in each
        // layer) are not.
        double pairs = 32 * 4.0 * 4096 * 4095.5 / 989e12;
        Assert.Equal((WeightBytes / Bandwidth) + pairs, one.TimeToFirstToken.Expected.TotalSeconds, 1e-6);
        Assert.True(one.TimeToFirstToken.Expected < all.TimeToFirstToken.Expected);
        Assert.Equal(all.InterTokenLatency.Expected, one.InterTokenLatency.Expected);
    }

    /// <summary>Passes of one token read all weights for each.</summary>
    [Fact]
    public void EachChunkOfAPromptReadsTheWeightsAgain()
    {
        InferenceEstimate whole = Bound(s_one), chunked = ModelCatalog.Llama3_1_8b.EstimateInference(
            GpuCatalog.H100Sxm80Gb, EngineCatalog.Bound.WithPass(1), s_one, WeightFormat.Bf16);
        Assert.Equal(WeightBytes / Bandwidth, Line(chunked, "prefill: weights"), 1e-9);
        Assert.Equal(1024 * Line(chunked, "prefill: pass"), Line(chunked, "one prompt alone"), 1e-9);
        Assert.True(whole.TimeToFirstToken.Expected < chunked.TimeToFirstToken.Expected / 100);
        Assert.Equal(Line(whole, "prefill: attention in prompts"), 1024 * Line(chunked, "prefill: attention in prompts"), 1e-12);
    }

    /// <summary>Of four others' prompts of 1,024 tokens 16 fall on each of 256 steps. The bound multiplies them beside reading
    /// what writing needs: too few to outweigh it; with 64 others 252 do.</summary>
    [Fact]
    public void OthersPromptsFallBetweenTokensAndOneRequestHasNone()
    {
        Workload Of(int batch) => s_one with { Requests = batch, Arrival = Arrival.Continuous };
        InferenceEstimate five = Bound(Of(5)), many = Bound(Of(64));
        Assert.Equal(Line(five, "decode: weights"), Line(five, "step with prompts: weights"), 1e-12);
        Assert.True(Line(five, "step with prompts: attention in prompts") > 0);
        double elements = (WeightBytes / 2) - (128256 * 4096.0), head = 128256 * 4096.0, read = 63 * 1024 / 256.0;
        Assert.Equal(2 * ((elements * (64 + read)) + (head * (64 + (63 / 256.0)))) / 989e12,
            Line(many, "step with prompts: matrix products"), 1e-5);
        Assert.DoesNotContain(
            Bound(Of(1)).Explain(), line => line.Term.StartsWith("step with prompts", StringComparison.Ordinal));
    }

    /// <summary>Two all-reduces a layer of 2 · (T − 1)/T of 4,096 elements in 16 bits.</summary>
    [Fact]
    public void TensorParallelismDividesReadingAndAddsReductions()
    {
        InferenceEstimate one = Bound(s_one), four = Bound(s_one, new() { Tensor = 4 });
        Assert.DoesNotContain(one.Explain(), line => line.Term == "decode: all-reduces");
        // A switch that sums: the stream once.
        Assert.Equal(32 * 2 * 4096.0 * 2 / Link, Line(four, "decode: all-reduces"), 1e-12);
        Assert.Equal(Line(one, "decode: weights") / 4, Line(four, "decode: weights"), 1e-9);
        Assert.Equal(four.TokensPerSecond.Expected / 4, four.TokensPerSecondPerGpu.Expected, 1e-9);
    }

    /// <summary>Attention of two replicas of four GPUs each, experts over all eight: an expert's weights are read by one of
    /// eight.</summary>
    [Fact]
    public void DataParallelAttentionSharesTheExperts()
    {
        InferenceEstimate Of(Parallelism over) =>
            ModelCatalog.DeepseekV3.EstimateInference(GpuCatalog.H200Sxm141Gb, EngineCatalog.Bound,
            s_one with { Requests = 2 }, WeightFormat.Fp8, over);
        InferenceEstimate data = Of(new() { Tensor = 4, Data = 2, Expert = 8 });
        Assert.Equal(8, data.Deployment.Placement.Gpus);
        var on = DeployedModel.Of(data.Deployment.Placed);
        Assert.Equal((4, 8, 2), (on.Tensor, on.Expert, on.AttentionReplicas));
        // One sequence a replica, two tokens at the experts: 15.75 of them are read over eight GPUs.
        ModelWork work = on.Work;
        Assert.Equal((work.Blocks.Bytes + work.Head.Bytes) / 4 / 4.8e12, Line(data, "decode: weights"), 1e-12);
        Assert.Equal(58 * 15.75 * work.Experts[0].Each.Bytes / 8 / 4.8e12, Line(data, "decode: weights of experts"), 1e-12);
    }

    [Fact]
    public void EnergyIsPowerTimesTheTimeAtWork()
    {
        InferenceEstimate e = Bound(s_one, new() { Tensor = 2 });
        Assert.Equal(700 * 2 * e.Utilization / e.TokensPerSecond.Expected, e.JoulesPerToken!.Value, 1e-9);
        // The bound works all the time but while its GPUs exchange.
        InferenceEstimate one = Bound(s_one);
        Assert.Equal(1, one.Utilization, 1e-9);
        InferenceEstimate real = ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, s_one,
            WeightFormat.Bf16);
        Assert.InRange(real.Utilization, 0.3, 1);
        Assert.Null(ModelCatalog.Llama3_1_8b.EstimateInference(GpuCatalog.AppleM2, EngineCatalog.Mlx, s_one, WeightFormat.Bf16)
            .JoulesPerToken);
    }

    /// <summary>Llama 3 70B in Q4_K_M: 7 matrices of 4 launches and 27 more in each of 80 layers are 1,100 a stage of four, of
    /// which 1,024 can be pending: the next pass starts 3.07 stage times after the last. Unpacked, 960: two passes every
    /// 3.93.</summary>
    [Theory]
    [InlineData("q4_k_m", 4, 8, (4 + (7 * (4 - (1024 / 1100.0)))) / 32)]
    [InlineData("fp16", 4, 8, (4 + (3 * (4 - ((1024 / 960.0) - 1))) + 1) / 32)]
    [InlineData("q4_k_m", 1, 8, 1)]
    [InlineData("q4_k_m", 4, 1, 1)]
    public void APipelineFillsAsFarAsItsQueueReaches(string weights, int stages, double passes, double filled)
    {
        DeployedModel on = ModelCatalog.Llama3_70b.Deployed(
            GpuCatalog.H100Sxm80Gb, EngineCatalog.LlamaCpp2024, WeightFormat.Find(weights), new() { Pipeline = stages });
        Assert.Equal(filled, PipelineFill.Of(on, passes), 1e-9);
        Assert.Equal((passes + stages - 1) / (passes * stages), PipelineFill.Of(on with { QueuedLaunches = 0 }, passes), 1e-9);
    }

    /// <summary>A pass more than the last adds its own tokens' time, and the head reads its one row in each.</summary>
    [Theory]
    [InlineData("gemma-3-270m")]
    [InlineData("llama-3.1-8b")]
    [InlineData("mixtral-8x7b")]
    [InlineData("mamba-130m")]
    public void ALongerPromptIsNotAnsweredSooner(string name)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        int[] prompts = [1, 2, 3, 64, 511, 512, 513, 1025, 2047, 2048, 2049, 2560, 4096, 4097, 6145, 8192, 8193, 9000, 16384,
            16385];
        foreach (Engine engine in EngineCatalog.All.Where(engine => engine.Speed is not null))
        {
            WeightFormat weights = engine.Supports(WeightFormat.Bf16, CacheFormat.Bf16) ? WeightFormat.Bf16 : WeightFormat.Fp16;
            foreach (Gpu gpu in new[] { GpuCatalog.H100Sxm80Gb, GpuCatalog.Find("a10g"), GpuCatalog.Rtx4090 })
            {
                foreach (int stages in new[] { 1, 2, 4 })
                {
                    TimeSpan last = default;
                    Deployment deployment = new(model, gpu, engine, weights) { Placement = new() { Pipeline = stages } };
                    foreach (int prompt in prompts)
                    {
                        TimeSpan first = deployment.Speed(new(prompt, 1) { ExtendsContext = true }).TimeToFirstToken.Expected;
                        Assert.True(first >= last, $"{engine}, {stages} × {gpu}, {prompt}: {last} before, {first}");
                        last = first;
                    }
                }
            }
        }
    }

    [Fact]
    public void ACacheTradesMemoryForTime()
    {
        InferenceEstimate e = Bound(s_one);
        var cache = CacheComparison.Of(e);
        Assert.Equal(1280 * 131_072, cache.CacheBytes.Bytes);
        Assert.Equal(e.TotalTime.Expected, cache.CachedBound);
        Assert.Equal(256.0 * 1280 * 8_030_261_248 / 989e12, cache.Recomputed.TotalSeconds, 1e-3);
        Assert.True(cache.CachedBound < cache.Recomputed);
    }

    private static InferenceEstimate Bound(Workload workload, Parallelism? over = null) =>
        ModelCatalog.Llama3_1_8b.EstimateInference(
        GpuCatalog.H100Sxm80Gb, EngineCatalog.Bound, workload, WeightFormat.Bf16, over ?? new());

    private static double Line(in InferenceEstimate estimate, string term) => estimate.Explain().Single(line => line.Term == term)
        .Seconds;
}
