using LlmMath.Placement;
using LlmMath.Speed;
using LlmMath.Speed.Pass;

namespace LlmMath.Tests.Speed;

/// <summary>Tokens drafted ahead: as many are accepted as was measured of the model, or a range where nobody measured
/// it.</summary>
public class SpeculationTests
{
    [Theory]
    [InlineData(1, 1.84)]
    [InlineData(3, 2.99)]
    [InlineData(8, 4.06)]
    [InlineData(3, 1)]
    [InlineData(3, 4)]
    public void AStepYieldsWhatWasSaid(int drafts, double tokens)
    {
        var speculation = SpeculativeDecoding.OfLength(drafts, tokens);
        Assert.Equal(tokens, speculation.TokensPerStep, 6);
        Assert.InRange(speculation.AcceptanceRate, 0, 1);
    }

    /// <summary>github:SemiAnalysisAI/InferenceX@843c6254: golden_al_distribution/qwen3.5_mtp.yaml, glm5.2_mtp.yaml.</summary>
    [Fact]
    public void AKnownModelsAcceptanceIsTaken()
    {
        var qwen = SpeculativeDecoding.Of(ModelCatalog.Find("qwen3.5-397b-a17b"), 3);
        Assert.Equal((3.39 + 3.33) / 2, qwen.TokensPerStep, 6);
        // Down to what is left of the least, 3.33, where prompts are random tokens.
        Assert.Equal((Math.Round(1 + (Left(1024) * (3.33 - 1)), 6), 3.39),
            (Math.Round(qwen.TokensPerStep * qwen.TokensPerStepRange!.Value.Low, 6),
            Math.Round(qwen.TokensPerStep * qwen.TokensPerStepRange.Value.High, 6)));
        Assert.Contains("as measured with its MTP", qwen.Source);
        Assert.Equal(2.99, SpeculativeDecoding.Of(ModelCatalog.Find("glm-5.2"), 3).TokensPerStep, 6);
        Assert.All(AcceptanceCatalog.All.Series.SelectMany(series => series.Models),
            name => Assert.NotNull(ModelCatalog.Find(name)));
    }

    [Fact]
    public void AnUnknownModelHasTheRangeOfTheOthersAndAWiderTime()
    {
        ModelDefinition model = ModelCatalog.Find("deepseek-r1");
        var drafts = SpeculativeDecoding.Of(model, 3);
        Assert.Contains("nobody measured", drafts.Source);
        Assert.Equal(1 + (Left(1024) * (2.49 - 1)), drafts.TokensPerStep * drafts.TokensPerStepRange!.Value.Low, 6);
        Assert.Equal(3.39, drafts.TokensPerStep * drafts.TokensPerStepRange.Value.High, 6);
        InferenceEstimate ranged = Of(drafts), given = Of(drafts with { TokensPerStepRange = null }), none = Of(null);
        Assert.Equal(given.InterTokenLatency.Expected, ranged.InterTokenLatency.Expected);
        Assert.True(ranged.InterTokenLatency.Low < given.InterTokenLatency.Low
            && ranged.InterTokenLatency.High > given.InterTokenLatency.High);
        Assert.True(given.InterTokenLatency.Expected < none.InterTokenLatency.Expected);

        InferenceEstimate Of(SpeculativeDecoding? speculation) => new Deployment(model, GpuCatalog.H200Sxm141Gb,
            EngineCatalog.TensorrtLlm, WeightFormat.Fp8) { Placement = new() { Tensor = 8 } }
            .Speed(new(1000, 1000, 4) { Speculation = speculation });
    }

    [Fact]
    public void LessIsAcceptedOfRandomTokensAndMoreOfLongAnswers()
    {
        ModelDefinition qwen = ModelCatalog.Find("qwen3.5-397b-a17b");
        Assert.Equal((Left(1), Left(100_000)), (Left(1024), Left(8192)));
        Assert.InRange(Left(3000), Left(1024) + 1e-6, Left(8192) - 1e-6);
        double all = SpeculativeDecoding.OfRandomText(qwen, 3, 1).TokensPerStep;
        Assert.Equal(SpeculativeDecoding.Of(qwen, 3).TokensPerStep, all, 9);
        Assert.Equal(1, SpeculativeDecoding.OfRandomText(qwen, 3, 0).TokensPerStep, 9);
    }

    /// <summary>SGLang stops scheduling ahead where it drafts: each sequence adds what its file says to a step, and nothing where
    /// nothing is drafted.</summary>
    [Fact]
    public void EachSequenceWhoseDraftsAreCheckedAddsItsTime()
    {
        Engine sglang = EngineCatalog.Sglang, none = sglang with
        {
            Speed = sglang.Speed! with { DraftedSequenceMicroseconds = null },
        };
        double seconds = sglang.Speed!.DraftedSequenceMicroseconds!.Value / 1e6;
        Assert.Equal(0, Step(sglang, 1) - Step(none, 1));
        Assert.Equal(32 * seconds, Step(sglang, 4) - Step(none, 4), 9);
        var on = DeployedModel.Of(Deployed(sglang).Placed);
        Assert.Equal(0, on.AtBound.DraftedSequenceSeconds);

        static Deployment Deployed(Engine engine) => new(ModelCatalog.Find("qwen3.5-397b-a17b"), GpuCatalog.B200Sxm180Gb, engine,
            WeightFormat.Fp8) { Placement = new() { Tensor = 4 } };

        static double Step(Engine engine, double tokens)
        {
            PlacedModel model = Deployed(engine).Placed;
            return ForwardPass.Of(DeployedModel.Of(model), DeployedSpeed.Of(model).Constants,
                new PassLoad { Sequences = 32, TokensEach = tokens, Context = 1000, Prompt = 1000 }).Total;
        }
    }

    /// <summary>sgl-project/sglang@004c82e07d87, python/sglang/srt/arg_groups/speculative_hook.py: 48 unless given.</summary>
    [Theory]
    [InlineData("sglang", 48, true, false)]
    [InlineData("sglang", 49, true, true)]
    [InlineData("sglang", 49, false, false)]
    [InlineData("vllm", 49, true, false)]
    public void ALowerLimitOfRequestsWithDraftsIsSaid(string engine, int requests, bool drafts, bool isSaid)
    {
        Deployment on = new(ModelCatalog.DeepseekV3, GpuCatalog.B200Sxm180Gb, EngineCatalog.Find(engine), WeightFormat.Fp8)
        {
            Placement = new() { Tensor = 8 },
        };
        Workload load = new(1000, 100, requests) { Speculation = drafts ? SpeculativeDecoding.OfLength(1, 1.8) : null };
        Assert.Equal(isSaid, on.Speed(load).Warnings().Any(said => said.Contains(
            "runs 48 requests at once where tokens are drafted", StringComparison.Ordinal)));
    }

    /// <summary>What the block that drafts takes is room that requests lack; of a model without one nothing is counted, and the
    /// estimate says so.</summary>
    [Fact]
    public void FewerRequestsFitBesideTheBlocksThatDraft()
    {
        Workload load = new(30_000, 2000, 512), drafting = load with { Speculation = SpeculativeDecoding.OfLength(1, 1.8) };
        Deployment on = new(ModelCatalog.DeepseekV3, GpuCatalog.H200Sxm141Gb, EngineCatalog.Sglang, WeightFormat.Fp8)
        {
            Placement = new() { Tensor = 8 },
        };
        InferenceEstimate drafted = on.Speed(drafting);
        Assert.True(drafted.RunningRequests < on.Speed(load).RunningRequests);
        Assert.Equal(drafted.Fits, on.Memory(drafting).Fits);
        Deployment plain = new(ModelCatalog.Llama3_1_8b, GpuCatalog.H200Sxm141Gb, EngineCatalog.Vllm, WeightFormat.Fp8);
        const string none = "no blocks of its own";
        Assert.Contains(plain.Speed(drafting).Warnings(), warning => warning.Contains(none, StringComparison.Ordinal));
        Assert.DoesNotContain(drafted.Warnings(), warning => warning.Contains(none, StringComparison.Ordinal));
    }

    // A step with drafts takes longer and yields more: who waits for so many steps waits by steps, not by tokens.
    [Fact]
    public void LooksAtNewRequestsComeByStepsNotByTokens()
    {
        var yielding = SpeculativeDecoding.OfLength(3, 3, 0);
        double step = Of(yielding, 1).InterTokenLatency.Expected.TotalSeconds * yielding.TokensPerStep;
        double more = (Of(yielding, 31).TimeToFirstToken.Expected - Of(yielding, 1).TimeToFirstToken.Expected).TotalSeconds;
        // 15 steps in the mean, of nine requests of ten.
        Assert.Equal(0.9 * 15 * step, more, step / 100);

        static InferenceEstimate Of(SpeculativeDecoding speculation, int polls) => new Deployment(
            ModelCatalog.Find("qwen3.5-397b-a17b"), GpuCatalog.B200Sxm180Gb, EngineCatalog.Sglang, WeightFormat.Fp8)
            { Placement = new() { Tensor = 4 } }.Speed(new(1000, 1000, 16) { Speculation = speculation, PollSteps = polls });
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        ModelDefinition model = ModelCatalog.Find("deepseek-r1");
        Assert.Equal("DraftTokens", Assert.Throws<EstimateException>(() => SpeculativeDecoding.Of(model, 9)).Field);
        Assert.Equal("DraftTokens", Assert.Throws<EstimateException>(() => SpeculativeDecoding.Of(model, 0)).Field);
        Assert.Equal("TokensPerStep", Assert.Throws<EstimateException>(() => SpeculativeDecoding.OfLength(2, 3.5)).Field);
        Assert.Equal("TokensPerStep", Assert.Throws<EstimateException>(() => SpeculativeDecoding.OfLength(2, double.NaN)).Field);
        Assert.Equal("DraftTokens", Assert.Throws<EstimateException>(() => SpeculativeDecoding.OfLength(0, 1)).Field);
    }

    [Theory]
    [InlineData("1.8 2.4", "1.8 x", "series[0].tokens")]
    [InlineData("1.8 2.4", "1.8 3.4", "series[0].tokens")]
    [InlineData("1.8 2.4", "0.8 2.4", "series[0].tokens")]
    [InlineData("\"thinking\": true, ", "", "series[0].thinking")]
    [InlineData("\"method\"", "\"methods\"", "series[0].method")]
    [InlineData("\"measured_on\": \"m\"", "\"measured_on\": 3", "measured_on")]
    [InlineData("\"share\": 0.5", "\"share\": 1.5", "random_text[0].share")]
    [InlineData("\"answer\": 9", "\"answer\": 0", "random_text[0].answer")]
    [InlineData(", \"random_text\": [ { \"answer\": 9, \"share\": 0.5 } ]", "", "random_text")]
    public void AMalformedTableNamesTheField(string of, string by, string field)
    {
        const string good = "{ \"source\": \"s\", \"measured_on\": \"m\", \"series\": [ { \"file\": \"f\", \"method\": \"MTP\", "
            + "\"thinking\": true, \"models\": [\"a\"], \"tokens\": \"1.8 2.4\" } ], "
            + "\"random_text\": [ { \"answer\": 9, \"share\": 0.5 } ] }";
        Assert.Equal([1.8, 2.4], AcceptanceJson.Read(Utf8(good)).Series[0].Tokens);
        Assert.Contains(of, good);
        Assert.Equal(field, Assert.Throws<DefinitionException>(() =>
            AcceptanceJson.Read(Utf8(good.Replace(of, by, StringComparison.Ordinal)))).Field);
        for (int length = 0; length < good.Length; length += 5)
        {
            Assert.Throws<DefinitionException>(() => AcceptanceJson.Read(Utf8(good[..length])));
        }

        static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
    }

    private static double Left(double answer) => AcceptanceCatalog.All.ShareOfRandomText(answer);
}
