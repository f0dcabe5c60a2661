namespace LlmMath.Calibration.Tests;

/// <summary>Servers that others measured, to which nothing is fitted.</summary>
public sealed class OutsideTests
{
    private static readonly IReadOnlyList<OutsideRow> s_rows = OutsideRow.Read(RepositoryRoot.Find());

    [Fact]
    public void Vllm_by_others_is_within_the_bounds_asked_of_a_source_left_out()
    {
        var found = Statistics.Of(s_rows.Select(row => row.Pair));

        Assert.Equal(136, found.Rows);
        Assert.True(found.Median <= 0.12, $"median {found.Median:P1}");
        Assert.True(found.Ninety <= 0.35, $"90th percentile {found.Ninety:P1}");
    }

    [Fact]
    public void Of_each_source_its_range_holds_two_thirds_or_nearly()
    {
        foreach (var source in s_rows.GroupBy(row => row.Source))
        {
            Assert.True(source.Count(row => row.IsInRange) >= 0.65 * source.Count(), source.Key);
        }
    }
}
