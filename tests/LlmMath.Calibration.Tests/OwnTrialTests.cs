using LlmMath.Speed.Own;
using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

/// <summary>Three measurements of one's own on rows of the same machine that are held out; docs/ACCURACY.md has the whole
/// table.</summary>
public class OwnTrialTests
{
    private static readonly Lazy<List<FittedRow>> s_held = new(() => HeldOutFile.Read(Repository.Root, Pool.Today));

    /// <summary>By half, which is asked; prompts of another model on the machine by half of a percent less.</summary>
    [Theory]
    [InlineData(nameof(Metric.InterToken), 0.5)]
    [InlineData(nameof(Metric.PrefillPass), 0.505)]
    public void ThreeRowsHalveTheErrorWhereItWasAboveTenPercent(string metric, double ofAnyModel)
    {
        var trial = new OwnTrial(s_held.Value, Enum.Parse<Metric>(metric));
        foreach (OwnKind kind in new[] { OwnKind.File, OwnKind.Machine })
        {
            List<OwnResult> bad = [.. trial.Results(kind, 3).Where(result => result.Before > 0.10)];
            Assert.True(bad.Count >= 15, $"{bad.Count} machines");
            (double before, double after) = (Median(bad, result => result.Before), Median(bad, result => result.After));
            double share = kind == OwnKind.File ? 0.5 : ofAnyModel;
            Assert.True(after <= share * before, $"{metric}, {kind}: {before:P1} became {after:P1}");
            Assert.InRange(bad.Average(result => result.Inside), 0.75, 0.88);
            Assert.True(Median(bad, result => result.Width) < 0.8);
        }
    }

    [Fact]
    public void WhereTheProfileWasGoodTokensGetNoWorse()
    {
        var trial = new OwnTrial(s_held.Value, Metric.InterToken);
        foreach (OwnKind kind in new[] { OwnKind.File, OwnKind.Machine })
        {
            List<OwnResult> good = [.. trial.Results(kind, 3).Where(result => result.Before <= 0.10)];
            Assert.True(good.Count >= 10, $"{good.Count} machines");
            Assert.True(Median(good, result => result.After) <= Median(good, result => result.Before));
        }
    }

    /// <summary>What the library holds is what the rows have in common.</summary>
    [Theory]
    [InlineData(nameof(Metric.InterToken))]
    [InlineData(nameof(Metric.PrefillPass))]
    public void TheSharesAreThoseOfAllRows(string metric)
    {
        OwnShares found = new OwnTrial(s_held.Value, Enum.Parse<Metric>(metric)).Shares();
        OwnShares used = metric == nameof(Metric.InterToken) ? OwnShares.BetweenTokens : OwnShares.Prompt;
        Assert.Equal(1, used.Machine + used.Model + used.File + used.Position + used.Row, 9);
        Assert.InRange(used.Machine - found.Machine, -0.011, 0.011);
        Assert.InRange(used.Model - found.Model, -0.011, 0.011);
        Assert.InRange(used.File - found.File, -0.011, 0.011);
        Assert.InRange(used.Position - found.Position, -0.011, 0.011);
        Assert.InRange(used.Row - found.Row, -0.011, 0.011);
    }

    private static double Median(List<OwnResult> results, Func<OwnResult, double> of) => Quantile.Of(results.Select(of), 0.5);
}
