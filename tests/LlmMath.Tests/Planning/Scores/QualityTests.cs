using System.Text;
using LlmMath.Planning;
using LlmMath.Planning.Prices;
using LlmMath.Planning.Scores;
using LlmMath.Testing;

namespace LlmMath.Tests.Planning.Scores;

public class QualityTests
{
    private static readonly ServiceRequirements s_asked = ServiceRequirements.For(UseCase.Chat, ServiceLoad.OfUsers(5),
        ModelCatalog.Find("llama-3.1-8b-instruct"), ModelCatalog.Opt350m) with
        {
            Gpus = [GpuCatalog.Find("h100-sxm-80gb")], Engines = [EngineCatalog.Vllm], GpusPerReplica = [1],
            LongestContext = 2000, Prompt = TokenLengths.Fixed(500), Output = TokenLengths.Fixed(100),
        };

    [Fact]
    public void EveryScoreIsOfAModelOfTheCatalogWithItsSourceAndTerms()
    {
        Assert.True(Quality.Scores.Count > 1500 && Quality.Losses.Count > 100, $"{Quality.Scores.Count} {Quality.Losses.Count}");
        Assert.All(Quality.Scores.Select(score => score.Model).Distinct(),
            name => Assert.True(ModelCatalog.TryFind(name, out _), name));
        Assert.All(Quality.Losses.Select(loss => loss.Entry).OfType<string>().Distinct(),
            name => Assert.True(ModelCatalog.TryFind(name, out _), name));
        Assert.All(Quality.Losses.Select(loss => loss.Format).Distinct(),
            name => Assert.Equal(name, WeightFormat.Find(name).Name));
        Assert.All(Quality.Scores.Select(score => score.Source)
            .Concat(Quality.Losses.Select(loss => loss.Source)).Distinct(), source =>
            {
                Assert.NotEmpty(source.Where);
                Assert.NotEmpty(source.Licence);
            });
        Assert.DoesNotContain(Quality.Scores, score => score.ReportedBy == "Artificial Analysis");
    }

    /// <summary>Of every source under a licence that asks for a notice, the notice is in the package: docs/NOTICES.md names the
    /// repository under its licence.</summary>
    [Fact]
    public void NoticesNameEverySourceThatAsksForOne()
    {
        string[] rows = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "NOTICES.md"));
        Citation[] sources = [.. Quality.Scores.Select(score => score.Source), .. Quality.Losses.Select(loss => loss.Source),
            .. PriceList.Catalog.Instances.Select(price => price.Source), .. PriceList.Catalog.Apis.Select(price => price.Source),
            .. PriceList.Catalog.Machines.Select(price => price.Source),
            .. Swing.Of(Ownership.Catalog, _ => 0).Select(swing => swing.Assumption.Source),
            .. Ownership.Places.Select(place => Ownership.Catalog.At(place).GramsPerKwh?.Source).OfType<Citation>()];
        string[] asking = ["MIT", "Apache-2.0", "BSD-3-Clause", "CC BY 4.0"];
        Citation[] asked = [.. sources.Distinct().Where(source => asking.Contains(source.Licence) && source.Where.Contains('@'))];
        Assert.True(asked.Length > 10);
        Assert.All(asked, source => Assert.Contains(rows, row => row.Contains(source.Licence, StringComparison.Ordinal)
            && row.Contains(source.Where.Split('@')[0], StringComparison.Ordinal)));
        // And none is without terms.
        Assert.All(sources, source => Assert.True(source.Licence.Length > 2, source.Where));
    }

    /// <summary>ik_llama.cpp@8337e4cd3, examples/perplexity/README.md: LLaMA 3 8B in q4_K_M has a perplexity of 6.407115, 1.02816
    /// times that of fp16.</summary>
    [Fact]
    public void ALossIsTheSourcesOwn()
    {
        QuantizationLoss row = Quality.Losses.Single(loss => loss is
            { Entry: "llama-3-8b", Format: "q4_k_m", Metric: "Mean PPL ratio" });
        Assert.Equal(0.02816, row.Loss, 1e-9);
        FormatLoss[] known = [.. Quality.LossOf(ModelCatalog.Find("llama-3-8b"), WeightFormat.Find("q4_k_m"))];
        Assert.All(known, loss => Assert.True(loss.IsOfModel && loss.Low <= loss.Median && loss.Median <= loss.High));
        Assert.Contains(known, loss => loss.Kind == LossKind.Divergence);
        Assert.All(Quality.LossOf(ModelCatalog.Opt350m, WeightFormat.Find("q4_k_m")), loss => Assert.False(loss.IsOfModel));
    }

    /// <summary>What nobody measured is not good enough, unless that is asked for.</summary>
    [Fact]
    public void TheUnknownIsNotGoodEnoughUnlessAsked()
    {
        ServiceRequirements floor = s_asked with { Quality = [QualityFloor.Parse("mmlu-pro>=20")] };
        Assert.Equal(["llama-3.1-8b-instruct"], Models(floor));
        Assert.Equal(["llama-3.1-8b-instruct", "opt-350m"], Models(floor with { AcceptsUnknownQuality = true }));
        PlanResult none = Planner.Plan(s_asked with { Quality = [new("MMLU-Pro", 99)] });
        Assert.Equal(DropReason.Quality, Assert.Single(none.Dropped).Reason);
        Assert.Null(none.Best);

        static string[] Models(ServiceRequirements r) =>
            [.. Planner.Plan(r).Plans.Select(plan => plan.Deployment.Model.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Scores of two reporters are never set against one floor.</summary>
    [Fact]
    public void OneReporterAloneCounts()
    {
        ModelDefinition[] models = [.. ModelCatalog.All];
        QualityFloor floor = new("MMLU-Pro", 0);
        string most = Quality.Scores.Where(score => score.Benchmark == floor.Benchmark).GroupBy(score => score.ReportedBy)
            .MaxBy(scores => scores.Select(score => score.Model).Distinct().Count())!.Key;
        HashSet<string> theirs = [.. Quality.Scores.Where(score => score.Benchmark == floor.Benchmark && score.ReportedBy == most)
            .Select(score => score.Model)];
        var check = new QualityCheck([floor], null, acceptsUnknown: false, models);
        Assert.Equal(theirs, models.Where(check.Allows).Select(model => model.Name).ToHashSet());
        Assert.Contains(Quality.Scores, score => score.Benchmark == floor.Benchmark && !theirs.Contains(score.Model));
    }

    [Fact]
    public void AFormatMayCostSoMuch()
    {
        var check = new QualityCheck([], 0.03, acceptsUnknown: false, s_asked.Models);
        Assert.True(check.Allows(s_asked.Models[0], WeightFormat.Bf16));
        Assert.True(check.Allows(s_asked.Models[0], WeightFormat.Fp8));
        Assert.False(check.Allows(s_asked.Models[0], WeightFormat.Find("q2_k")));
        Assert.False(check.Allows(s_asked.Models[0], WeightFormat.Find("exl2-4.0bpw")));
        Assert.True(new QualityCheck([], 0.03, acceptsUnknown: true, s_asked.Models)
            .Allows(s_asked.Models[0], WeightFormat.Find("exl2-4.0bpw")));
    }

    [Theory]
    [InlineData("MMLU-Pro")]
    [InlineData("MMLU-Pro>=")]
    [InlineData("MMLU-Pro>=NaN")]
    public void AFloorOfAnotherFormIsRefused(string text) => Assert.Equal(nameof(QualityFloor),
        Assert.Throws<EstimateException>(() => QualityFloor.Parse(text)).Field);

    [Fact]
    public void AnUnknownBenchmarkIsRefused() =>
        Assert.Throws<UnknownNameException>(() => QualityFloor.Parse("MMLU-Prof>=3"));

    /// <summary>Bytes of the resources changed at random are read or refused.</summary>
    [Fact]
    public void MutatedScoresAreReadOrRefused()
    {
        byte[] good = Encoding.UTF8.GetBytes("""
            { "sources": { "s": { "where": "w", "licence": "l" } },
              "scores": [{ "model": "m", "by": "b", "source": "s", "scores": { "x": 1.5 } }] }
            """);
        Assert.Equal(1.5, QualityJson.Scores(good)[0].Value);
        var random = new Random(5);
        for (int round = 0; round < 500; round++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] = (byte)random.Next(32, 127);
            try
            {
                QualityJson.Scores(bad);
            }
            catch (DefinitionException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }
}
