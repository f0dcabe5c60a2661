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
        Assert.Equal((3.33, 3.39), (Math.Round(qwen.TokensPerStep * qwen.TokensPerStepRange!.Value.Low, 6),
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
        Assert.Equal(2.49, drafts.TokensPerStep * drafts.TokensPerStepRange!.Value.Low, 6);
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
    public void AMalformedTableNamesTheField(string of, string by, string field)
    {
        const string good = "{ \"source\": \"s\", \"measured_on\": \"m\", \"series\": [ { \"file\": \"f\", \"method\": \"MTP\", "
            + "\"thinking\": true, \"models\": [\"a\"], \"tokens\": \"1.8 2.4\" } ] }";
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
}
