using System.Globalization;
using System.Text;
using LlmMath.Basics;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Which share of rows lies in ranges that nobody has read off them.</summary>
internal static class CoverageTable
{
    /// <summary>By engine and what estimates rest on; widths are those that the other models on GPUs ask for.</summary>
    public static string ByBasis(IEnumerable<RangeTrial> trials)
    {
        var text = new StringBuilder("| engine | an estimate rests on | measured | rows | models on GPUs | in the 80 % range "
            + "| as wide as it is given | exponent |\n|---|---|---|---:|---:|---:|---:|---:|\n");
        foreach (RangeTrial trial in trials)
        {
            foreach (var engine in trial.Unseen.GroupBy(p => (p.Of.Fitted.Row.Engine.Name, p.Of.IsFirst))
                .OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.IsFirst))
            {
                double[] widths = RangeWidths.Of(engine.Key.Name, trial.Residuals, engine.Key.IsFirst);
                double factor = trial.FactorOf(engine.Key.Name);
                foreach (var of in engine.GroupBy(p => p.Of.Basis).OrderBy(g => g.Key).Where(of =>
                    of.Count() >= RangeWidths.EnoughRows
                        && of.Select(p => p.Of.Fitted.Row.Group).Distinct().Count() >= RangeWidths.EnoughGroups))
                {
                    Line(text, $"{engine.Key.Name} | {Words.Of(of.Key).Replace('-', ' ')}", engine.Key.IsFirst, [.. of],
                        string.Create(CultureInfo.InvariantCulture,
                            $"{Share(of, factor):P0} | {widths[(int)of.Key] * factor:0.00}"));
                }
            }
        }

        return text.ToString();
    }

    /// <summary>How much wider ranges must be for an unseen source, of each pool that has several.</summary>
    public static string SourceFactors(IEnumerable<RangeTrial> trials) => string.Join("; ", trials
        .Where(trial => trial.Factor is not null)
        .Select(trial => string.Create(CultureInfo.InvariantCulture, $"{EnginesOfSeveral(trial)}: {trial.Factor:0.00}")));

    /// <summary>By engine and what was left out of the fit.</summary>
    public static string ByPart(IEnumerable<RangeTrial> trials)
    {
        var text = new StringBuilder("| engine | left out of the fit | measured | rows | models on GPUs | in the 80 % range "
            + "| median error, 90th percentile |\n|---|---|---|---:|---:|---:|---:|\n");
        foreach (RangeTrial trial in trials)
        {
            foreach (var of in trial.Unseen.GroupBy(p => (p.Of.Fitted.Row.Engine.Name, p.Of.IsFirst, p.Of.Part))
                .OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.IsFirst)
                .ThenBy(g => LeftOut.All.ToList().IndexOf(g.Key.Part)))
            {
                var found = Statistics.Of(of.Select(p => (p.Of.Part.Predicted(p.Of.Fitted)!.Value, p.Of.Fitted.Row.Seconds, 1)));
                Line(text, $"{of.Key.Name} | {of.Key.Part.Name}", of.Key.IsFirst, [.. of],
                    string.Create(CultureInfo.InvariantCulture, $"{found.Median:P1}, {found.Ninety:P1}"));
            }
        }

        return text.ToString();
    }

    private static string EnginesOfSeveral(RangeTrial trial) => string.Join(", ", trial.Rows
        .Where(p => p.WithoutSource is not null).Select(p => p.Row.Engine.Name).Distinct().Order(StringComparer.Ordinal));

    private static void Line(StringBuilder text, string what, bool isFirst, List<(Residual Of, double Width)> rows,
        string last) =>
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {(isFirst ? "first token, prompts" : "between tokens")} "
            + $"| {rows.Count:N0} | {rows.Select(p => p.Of.Fitted.Row.Group).Distinct().Count()} "
            + $"| {Share(rows, 1):P0} | {last} |\n");

    private static double Share(IEnumerable<(Residual Of, double Width)> rows, double factor) =>
        rows.Average(p => p.Of.Needed <= p.Width * factor ? 1.0 : 0);
}
