using System.Globalization;
using System.Text;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Measurements below the bound of the hardware: each is a wrong row, a wrong model of what was run, or a wrong
/// bound.</summary>
internal static class BoundTable
{
    /// <summary>A line for each engine, and one for each group of rows that beats the bound.</summary>
    public static string Of(IReadOnlyList<FittedRow> all)
    {
        var text = new StringBuilder("| engine | rows | below the bound | share | which |\n|---|---:|---:|---:|---|\n");
        foreach (var engine in all.GroupBy(p => p.Row.Engine.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            int rows = engine.Sum(p => p.Row.Rows);
            List<(Observation Row, double Share)> below = [.. Below(engine)];
            int beaten = below.Sum(b => b.Row.Rows);
            text.Append(CultureInfo.InvariantCulture, $"| {engine.Key} | {rows:N0} | {beaten:N0} "
                + $"| {(double)beaten / rows:P1} | {string.Join("; ", Groups(below))} |\n");
        }

        return text.ToString();
    }

    /// <summary>Each row below the bound, by what its evidence has.</summary>
    public static string Rows(IReadOnlyList<FittedRow> all) => string.Concat(Below(all).OrderBy(b => b.Share).Select(b =>
        string.Create(CultureInfo.InvariantCulture, $"{b.Share:P1} of the bound: {b.Row.Metric} {b.Row.Key}\n")));

    private static IEnumerable<string> Groups(IEnumerable<(Observation Row, double Share)> below) => below
        .GroupBy(b => (b.Row.Model.Name, Gpu: b.Row.Gpu.Name, Weights: b.Row.Weights.Name, b.Row.Metric))
        .OrderBy(g => g.Min(b => b.Share))
        .Select(g => string.Create(CultureInfo.InvariantCulture,
            $"{g.Key.Name} {g.Key.Weights} on {g.Key.Gpu}, {MetricWords.Of(g.Key.Metric)}: {g.Count()}, down to ")
            + g.Min(b => b.Share).ToString("P0", CultureInfo.InvariantCulture));

    private static IEnumerable<(Observation Row, double Share)> Below(IEnumerable<FittedRow> rows) => rows
        .Select(p => (p.Row, Share: p.Row.Seconds / (p.Row with { On = p.Row.On.AtBound }).Predict(EngineConstants.Bound)))
        .Where(b => b.Share < 1);
}
