namespace LlmMath.Calibration.Tests;

/// <summary>Servers of which some only read prompts, to which nothing is fitted but the hand-over.</summary>
public sealed class DisaggregatedTests
{
    private static readonly IReadOnlyList<DisaggregatedRow> s_rows = DisaggregatedRow.Read(RepositoryRoot.Find());

    /// <summary>What was reached, so that nothing gets worse unseen: median and 90th percentile between tokens. It was less on
    /// most before experts were reckoned as a power law touches them: over 16 and 32 GPUs the fullest has too many of them, since
    /// such servers move experts about to even them out.</summary>
    [Theory]
    [InlineData("sglang", "gb200", 42, 0.15, 0.38)]
    [InlineData("sglang", "b200-sxm-180gb", 23, 0.07, 0.13)]
    [InlineData("sglang", "gb300", 29, 0.19, 0.36)]
    [InlineData("tensorrt-llm", "gb200", 42, 0.11, 0.24)]
    [InlineData("tensorrt-llm", "gb300", 30, 0.17, 0.37)]
    [InlineData("tensorrt-llm", "b200-sxm-180gb", 34, 0.12, 0.24)]
    [InlineData("tensorrt-llm", "h200-sxm-141gb", 25, 0.14, 0.22)]
    [InlineData("vllm", "gb200", 14, 0.06, 0.10)]
    public void TimesBetweenTokensAreMetWithin(string engine, string gpu, int rows, double median, double ninety)
    {
        var found = Statistics.Of(s_rows.Where(row => row.Engine == engine && row.Gpu == gpu)
            .Select(row => (row.Estimate.InterTokenLatency.Expected.TotalSeconds, row.InterToken, 1)));

        Assert.Equal(rows, found.Rows);
        Assert.InRange(found.Median, 0, median);
        Assert.InRange(found.Ninety, 0, ninety);
    }

    /// <summary>Experts over 16 GPUs or more: what gathering all tokens erred by most.</summary>
    [Fact]
    public void WhereExpertsAreSpreadFarErrorsAreNoLarger()
    {
        var found = Statistics.Of(s_rows.Where(row => row.Estimate.Deployment.Placement.Expert >= 16)
            .Select(row => (row.Estimate.InterTokenLatency.Expected.TotalSeconds, row.InterToken, 1)));

        Assert.InRange(found.Rows, 50, 60);
        Assert.InRange(found.Median, 0, 0.21);
        Assert.InRange(found.Ninety, 0, 0.39);
    }
}
