using LlmMath.Testing;

namespace LlmMath.Tests.Models;

public class ExplainTests
{
    public static TheoryData<string> Names() => [.. ModelCatalog.Entries.Names];

    [Fact]
    public void Opt350mOnPaperReadsAsAPersonWritesIt() => Assert.Equal(
        [
            ("token embeddings, in and out", "2 × 50,272 × 512", 51_478_528, 51_478_528),
            ("positions", "2,050 × 1,024", 2_099_200, 53_577_728),
            ("up-projection", "512 × 1,024", 524_288, 54_102_016),
            ("24 blocks", "24 × (4 × 1,024² + 2 × 4,096 × 1,024 = 12,582,912)", 301_989_888, 356_091_904),
            ("down-projection", "1,024 × 512", 524_288, 356_616_192),
            ("norms", "24 × 2 × 2 × 1,024", 98_304, 356_714_496),
        ],
        ModelCatalog.Opt350m.Parameters(CountingConvention.HandEstimate).Explain()
            .Select(line => (line.Term, line.Formula, line.Value, line.Total)));

    [Fact]
    public void Opt350mOnPaperReconcilesWithTheCheckpoint() => Assert.Equal(
        [
            ("on paper", 356_714_496, 356_714_496),
            ("tied head", -25_739_264, 330_975_232),
            ("linear biases", 221_184, 331_196_416),
        ],
        ModelCatalog.Opt350m.Parameters().Reconcile().Select(line => (line.Term, line.Value, line.Total)));

    [Theory]
    [MemberData(nameof(Names))]
    public void TheWorkingAddsUp(string name)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        foreach (CountingConvention convention in Enum.GetValues<CountingConvention>())
        {
            ParameterBreakdown breakdown = model.Parameters(convention);
            Assert.Equal(breakdown.Total, breakdown.Explain()[^1].Total);
            Assert.Equal(breakdown.Total, breakdown.Components.Sum(c => c.Parameters));
            Assert.All(breakdown.Explain(), line => Assert.Equal((decimal?)line.Value, WrittenFormula.Value(line.Formula)));
        }

        Assert.Equal(model.ParameterCount(), model.Parameters().Reconcile()[^1].Total);
    }
}
