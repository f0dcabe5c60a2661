using LlmMath.Testing;

namespace LlmMath.Calibration.Tests;

/// <summary>docs/ACCURACY.md and its plot are what the command writes: no figure in them by hand.</summary>
public class DocumentTests
{
    private const string Again = "dotnet run --project src/LlmMath.Calibration -c Release -- report";

    private static readonly Lazy<List<FittedRow>> s_held = new(() =>
        [.. new[] { Pool.Serving, Pool.OneMachine, Pool.Today }.SelectMany(pool => HeldOutFile.Read(Repository.Root, pool))]);

    [Fact]
    public void TheDocumentIsWhatTheCommandWrites() =>
        Holds(AccuracyDocument.Path, AccuracyDocument.Of(Repository.Root, s_held.Value));

    [Fact]
    public void ThePlotIsWhatTheCommandDraws() => Holds(AccuracyPlot.Path, AccuracyPlot.Of(s_held.Value));

    /// <summary>What the file calls the fit of all rows is what the library gives: somebody who changes a term of speed, or a
    /// constant, fits again.</summary>
    [Fact]
    public void TheFileIsOfTheConstantsThatTheCatalogHas() => Assert.All(s_held.Value
        .GroupBy(p => (p.Row.Engine.Name, p.Row.Metric))
        .Select(rows => (rows.Key, Apart: rows.Select(p => Math.Abs((SpeedAccuracyTests.Predict(p.Row) / p.Seen) - 1)).ToArray(),
            Worst: rows.MaxBy(p => Math.Abs((SpeedAccuracyTests.Predict(p.Row) / p.Seen) - 1))!.Row.Key)),
        of => Assert.True(Quantile.Of(of.Apart, 0.5) < 0.002 && of.Apart.Max() < 0.05,
            $"{of.Key}: {Quantile.Of(of.Apart, 0.5):P2} in the median, {of.Apart.Max():P1} at most ({of.Worst}). Fit again."));

    private static void Holds(string path, string text) => Assert.True(
        File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n") == text.ReplaceLineEndings("\n"),
        $"{path} is not what the command writes: {Again}");
}
