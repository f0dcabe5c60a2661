using System.Globalization;
using System.Text;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Memory's constants as the catalog has them beside those that a fit gives, on rows of models that the fit has not
/// seen.</summary>
internal static class MemoryFitText
{
    private const double Rare = 0.05;

    /// <summary>A row an engine.</summary>
    public static string Table(IReadOnlyList<MemoryRow> rows)
    {
        var text = new StringBuilder("| engine | rows | models | as it stands: median, 90th % | refitted, model left out "
            + "| models on which it errs less | so | collected last: as it stands, refitted "
            + "| constants, as they stand → refitted on all rows |\n"
            + "|---|--:|--:|--:|--:|--:|---|--:|---|\n");
        foreach (var group in rows.Where(MemoryFit.Tells).GroupBy(row => row.Engine.Name)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Engine engine = group.First().Engine;
            MemoryRow[] known = [.. group.Where(row => row.Use != RowUse.HeldOut)], last = [.. group.Except(known)];
            if (MemoryConstant.FreeOf(engine).Count == 0 || known.Length == 0)
            {
                continue;
            }

            double[] unseen = MemoryFit.LeaveModelOut(engine, known);
            Engine refitted = MemoryFit.Fit(engine, known);
            int models = known.Select(row => row.Model.Name).Distinct().Count();
            int better = known.Select((row, i) => (row, unseen: unseen[i])).GroupBy(p => p.row.Model.Name).Count(g =>
                g.Sum(p => MemoryPrediction.Error(p.row, p.unseen))
                < g.Sum(p => MemoryPrediction.Error(p.row, MemoryPrediction.Of(p.row))));
            text.Append(CultureInfo.InvariantCulture, $"| {engine.Name} | {known.Length} "
                + $"| {models} "
                + $"| {Errors(known.Select(row => MemoryPrediction.Error(row, MemoryPrediction.Of(row))))} "
                + $"| {Errors(known.Select((row, i) => MemoryPrediction.Error(row, unseen[i])))} "
                + $"| {better} of {models} | {(Chance(better, models) <= Rare ? "**refit**" : "kept")} "
                + $"| {Last(last, refitted)} | ")
                .AppendJoin(", ", MemoryConstant.FreeOf(engine).Select(c => string.Create(CultureInfo.InvariantCulture,
                    $"{c.Name} {c.Get(engine.Memory!):0.#} → {c.Get(refitted.Memory!):0.#}"))).Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>How often chance alone is better on so many of some models.</summary>
    public static double Chance(int better, int models)
    {
        double chance = 0, ways = 1;
        for (int k = 0; k <= models; k++)
        {
            chance += k >= better ? ways : 0;
            ways = ways * (models - k) / (k + 1);
        }

        return chance / Math.Pow(2, models);
    }

    private static string Last(MemoryRow[] rows, Engine refitted) => rows.Length == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{100 * Quantile.Of(rows.Select(row => MemoryPrediction.Error(row, MemoryPrediction.Of(row))), 0.5):0.0}, "
        + $"{100 * Quantile.Of(rows.Select(row => MemoryPrediction.Error(row, MemoryPrediction.Of(row, refitted))), 0.5):0.0} "
        + $"({rows.Length} rows)");

    private static string Errors(IEnumerable<double> errors)
    {
        double[] all = [.. errors];
        return string.Create(CultureInfo.InvariantCulture,
            $"{100 * Quantile.Of(all, 0.5):0.0}, {100 * Quantile.Of(all, 0.9):0.0}");
    }
}
