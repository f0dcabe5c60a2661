using LlmMath.Engines;
using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>How wide ranges must be that eight of ten rows with drafted tokens lie in them: exponents of the factors of a
/// generation's range. Rows of one campaign count as their square root together, as in <see cref="RangeWidths"/>.</summary>
internal static class DraftedRanges
{
    /// <summary>What is known of an engine's rows with drafts.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="all">Rows of all engines: a width has too few of one.</param>
    public static DraftedEvidence Of(string engine, IReadOnlyList<SpeculationRow> all)
    {
        SpeculationRow[] own = [.. all.Where(row => row.Group.Engine == engine)];
        return new(Width(all, isFirst: true), Width(all, isFirst: false),
        [
            .. own.GroupBy(row => (row.Group.Gpu, Traits: row.Deployment.Placed.Work.Traits.ToString())).Select(g =>
            {
                var of = g.First().Deployment.Placed.Work.Traits;
                return new SeenRows(g.Key.Gpu, of.Weights, of.Layers, g.Count(), 1);
            }),
        ]);
    }

    /// <summary>The exponent within which eight of ten rows lie.</summary>
    public static double Width(IReadOnlyList<SpeculationRow> rows, bool isFirst)
    {
        Dictionary<(string, string, string), int> counts = rows.CountBy(row => row.Group).ToDictionary();
        (double Needed, double Weight)[] sorted =
        [
            .. rows.Select(row => (Needed(row, isFirst), 1 / Math.Sqrt(counts[row.Group]))).OrderBy(row => row.Item1),
        ];
        return RangeWidths.Quantile(sorted);
    }

    /// <summary>The exponent that the range's factors would need to hold a row.</summary>
    public static double Needed(SpeculationRow row, bool isFirst)
    {
        Deployment on = row.Deployment;
        InferenceEstimate e = row.Estimate();
        EngineGeneration generation = EngineChoice.Of(on.Engine!.Speed!, on.Gpu!).Generation;
        return isFirst ? Residual.Exponent(row.FirstToken, e.TimeToFirstToken.Expected.TotalSeconds, generation.FirstToken)
            : Residual.Exponent(row.InterToken, e.InterTokenLatency.Expected.TotalSeconds, generation.InterToken);
    }
}
