using LlmMath.Placement.Work;
using LlmMath.Speed;

namespace LlmMath.Tests.Speed;

/// <summary>What an estimate rests on is what was really seen: rows of the engine, on the GPU, with such layers and
/// weights.</summary>
public class EstimateBasisTests
{
    private static readonly SeenRows[] s_seen =
    [
        new("h100-sxm-80gb", "fp8", ["attention"], 30, 2), new("h100-sxm-80gb", "bf16", ["attention", "experts"], 4, 1),
    ];

    public static TheoryData<string, string, string, Basis, bool, Basis> Combinations => new()
    {
        { "h100-sxm-80gb", "fp8", "attention", Basis.Measured, false, Basis.Measured },
        // Each was seen, not together.
        { "h100-sxm-80gb", "bf16", "attention", Basis.Measured, false, Basis.Interpolated },
        { "h100-sxm-80gb", "bf16", "attention", Basis.Measured, true, Basis.KernelsMeasured },
        { "h200-sxm-141gb", "fp8", "attention", Basis.Interpolated, false, Basis.Interpolated },
        { "h200-sxm-141gb", "fp8", "attention", Basis.Interpolated, true, Basis.KernelsMeasured },
        // The format, the layers, the hardware: never.
        { "h100-sxm-80gb", "int4", "attention", Basis.Measured, false, Basis.Extrapolated },
        { "h100-sxm-80gb", "fp8", "Mamba", Basis.Measured, false, Basis.Extrapolated },
        { "a100-sxm-80gb", "fp8", "attention", Basis.Extrapolated, true, Basis.Extrapolated },
        { "a100-sxm-80gb", "fp8", "attention", Basis.Bound, true, Basis.Bound },
    };

    [Theory]
    [MemberData(nameof(Combinations))]
    public void ItIsMeasuredWhereSuchRowsAre(
        string gpu, string weights, string layers, Basis hardware, bool isTimed, Basis expected)
    {
        var rests = EstimateBasis.Of(s_seen, gpu, new ModelTraits([layers], weights), hardware, () => isTimed);
        Assert.Equal(expected, rests.Basis);
        Assert.Equal(expected == Basis.Measured ? (30, 2) : (0, 0), (rests.Rows, rests.Sources));
    }

    [Theory]
    [InlineData("llama-3.1-70b", "fp8", "tensorrt-llm", "h200-sxm-141gb", Basis.Measured)]
    [InlineData("minimax-m2.5", "fp8", "vllm", "h100-sxm-80gb", Basis.Measured)]
    [InlineData("llama-3.1-8b", "bf16", "vllm", "h100-sxm-80gb", Basis.KernelsMeasured)]
    [InlineData("plamo-2-1b", "bf16", "vllm", "b200-sxm-180gb", Basis.Extrapolated)]
    public void OfTheCatalogItIsWhatTheEvidenceHolds(string model, string weights, string engine, string gpu, Basis expected)
    {
        InferenceEstimate e = ModelCatalog.Find(model).EstimateInference(GpuCatalog.Find(gpu), EngineCatalog.Find(engine),
            new(1000, 100), WeightFormat.Find(weights));
        Assert.Equal(expected, e.Basis);
        Assert.Equal(expected == Basis.Measured, e.EvidenceRows > 0);
        Assert.Equal(expected == Basis.Measured, e.EvidenceSources > 0);
        Assert.Contains(expected switch
        {
            Basis.Measured => $"{e.EvidenceRows} rows",
            Basis.KernelsMeasured => "timed there by itself",
            _ => "tells of such hardware",
        }, e.Evidence());
        Assert.Equal(EvidenceCatalog.Of(engine)!.Sources == 1, e.Evidence().Contains("of one source", StringComparison.Ordinal));
        Assert.Equal(expected == Basis.Measured, !e.Warnings().Contains(e.Evidence()));
        Assert.Equal((e.EvidenceRows, e.Evidence()), (e.Figures().EvidenceRows, e.Figures().Evidence));
    }

    /// <summary>Rows without drafts do not make an estimate with drafts measured.</summary>
    [Theory]
    [InlineData(Basis.Measured, "h100-sxm-80gb", true, Basis.Measured, 30)]
    [InlineData(Basis.Measured, "h200-sxm-141gb", true, Basis.Interpolated, 0)]
    [InlineData(Basis.Measured, "h100-sxm-80gb", false, Basis.Extrapolated, 0)]
    [InlineData(Basis.Extrapolated, "h200-sxm-141gb", true, Basis.Extrapolated, 0)]
    [InlineData(Basis.Bound, "h100-sxm-80gb", true, Basis.Bound, 0)]
    public void WithDraftsItIsMeasuredWhereRowsWithDraftsAre(Basis without, string gpu, bool isSeen, Basis expected, int rows)
    {
        EstimateBasis rests = new EstimateBasis(without, 99, 2)
            .Drafted(isSeen ? [.. s_seen] : [], gpu, new(["attention"], "fp8"));
        Assert.Equal((expected, rows), (rests.Basis, expected == Basis.Bound ? 0 : rests.Rows));
    }

    [Theory]
    [InlineData("qwen3.5-397b-a17b", "sglang", "b200-sxm-180gb", Basis.Measured)]
    [InlineData("qwen3.5-397b-a17b", "sglang", "h200-sxm-141gb", Basis.Interpolated)]
    [InlineData("minimax-m2.5", "vllm", "h100-sxm-80gb", Basis.Extrapolated)]
    public void OfTheCatalogsRowsWithDraftsToo(string model, string engine, string gpu, Basis expected)
    {
        Deployment on = new(ModelCatalog.Find(model), GpuCatalog.Find(gpu), EngineCatalog.Find(engine), WeightFormat.Fp8)
        {
            Placement = new() { Tensor = 4 },
        };
        var load = new Workload(1000, 1000, 8);
        InferenceEstimate drafted = on.Speed(load with { Speculation = SpeculativeDecoding.OfLength(3, 2.5) });
        Assert.Equal(Basis.Measured, on.Speed(load).Basis);
        Assert.Equal((expected, expected == Basis.Measured), (drafted.Basis, drafted.EvidenceRows > 0));
        Assert.Contains("with drafted tokens", drafted.Evidence());
    }

    [Fact]
    public void WhatRestsOnLessIsNeverNarrower()
    {
        Assert.All(EvidenceCatalog.All, engine =>
        {
            Assert.True(engine.SourceFactor >= 1 && (engine.Sources == 1 || engine.SourceFactor == 1), engine.Engine);
            Assert.Equal(engine.First.Order(), engine.First);
            Assert.Equal(engine.Inter.Order(), engine.Inter);

            Assert.All(engine.Seen, rows => Assert.True(GpuCatalog.TryFind(rows.Gpu, out _), rows.Gpu));
        });
        Assert.True(EngineChoice.Widened(new(0.8, 1.25), 2, 1).High < EngineChoice.Widened(new(0.8, 1.25), 2, 1.5).High);
        Assert.Equal(0.64, EngineChoice.Widened(new(0.8, 1.25), 2, 1).Low, 12);
    }

    [Theory]
    [InlineData("\"sources\": 1", "\"sources\": 0", "engines[0].sources")]
    [InlineData("\"sources\": 1", "\"source\": 1", "engines[0].sources")]
    [InlineData("b200 3 1", "b200 3", "engines[0].seen[0].gpus[0]")]
    [InlineData("b200 3 1", "b200 -3 1", "engines[0].seen[0].gpus[0]")]
    [InlineData("b200 3 1", "b200 3 99999999999", "engines[0].seen[0].gpus[0]")]
    [InlineData("\"measured\"", "\"seen\"", "engines[0].widths.measured")]
    [InlineData("\"inter_token\": 1 }, \"kernels", "\"inter_token\": 0 }, \"kernels", "engines[0].widths.measured.inter_token")]
    [InlineData("\"attention\"", "\"attention\", \"attention\"", "engines[0].seen[0].layers[1]")]
    [InlineData("\"weights\": \"fp8\"", "\"weights\": 8", "engines[0].seen[0].weights")]
    [InlineData("\"first_token\": 2,", "\"first_token\": 0,", "engines[0].drafted.first_token")]
    [InlineData("\"drafted\": {", "\"drafted\": { \"more\": 1,", "engines[0].drafted.more")]
    [InlineData("{ \"engines\"", "{ \"more\": 1, \"engines\"", "more")]
    public void AMalformedTableNamesTheField(string of, string by, string field)
    {
        const string width = "{ \"first_token\": 1, \"inter_token\": 1 }";
        const string good = "{ \"engines\": [ { \"engine\": \"x\", \"sources\": 1, \"source_factor\": 1.2, \"widths\": { "
            + $"\"measured\": {width}, \"kernels-measured\": {width}, \"interpolated\": {width}, \"extrapolated\": {width} }}, "
            + "\"drafted\": { \"first_token\": 2, \"inter_token\": 3 }, "
            + "\"seen\": [ { \"layers\": [\"attention\"], \"weights\": \"fp8\", \"gpus\": [\"b200 3 1\"] } ] } ] }";
        SeenRows seen = EvidenceJson.Read(Utf8(good))[0].Seen[0];
        Assert.Equal(("b200", "fp8", 3, 1), (seen.Gpu, seen.Weights, seen.Rows, seen.Sources));
        Assert.Contains(of, good);
        var error = Assert.Throws<DefinitionException>(() =>
            EvidenceJson.Read(Utf8(good.Replace(of, by, StringComparison.Ordinal))));
        Assert.Equal(field, error.Field);
        for (int length = 0; length < good.Length; length += 7)
        {
            Assert.Throws<DefinitionException>(() => EvidenceJson.Read(Utf8(good[..length])));
        }

        static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
    }
}
