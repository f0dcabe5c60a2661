using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

/// <summary>What drafted tokens yield and cost.</summary>
public class DraftFitTests
{
    private static readonly IReadOnlyList<SpeculationRow> s_rows = SpeculationRow.Read(Repository.Root);

    [Fact]
    public void TheFitFindsWhatRowsWereMadeWith()
    {
        var made = new DraftFit(0.4, 0.8, 150);
        SpeculationRow[] rows =
            [.. s_rows.Where((_, i) => i % 5 == 0).Select(row => row with { InterToken = made.SecondsOf(row) })];
        var found = DraftFit.Of(rows);
        Assert.Equal(made.Short, found.Short, 0.051);
        Assert.Equal(made.Long, found.Long, 0.051);
        Assert.Equal(made.SequenceMicroseconds, found.SequenceMicroseconds, 20.1);
    }

    [Fact]
    public void TheCatalogHoldsWhatTheFitGives() => Assert.Equal(DraftFit.Of(s_rows), DraftFit.InCatalog);

    [Fact]
    public void ErrorsOfRowsWithDraftsStayBelowWhatTheyWere()
    {
        var between = Statistics.Of(s_rows.Select(row =>
            (row.Estimate().InterTokenLatency.Expected.TotalSeconds, row.InterToken, 1)));
        Assert.InRange(between.Median, 0, 0.1);
        Assert.InRange(between.Ninety, 0, 0.25);
        double unseen = s_rows.Average(row => DraftedRanges.Needed(row, isFirst: false)
            <= DraftedRanges.Width([.. s_rows.Where(other => other.Group != row.Group)], isFirst: false) ? 1.0 : 0);
        Assert.InRange(unseen, 0.75, 0.88);
    }
}
