using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Calibration;

/// <summary>The combinations of hardware, weights and layers that rows are of.</summary>
internal static class SeenTable
{
    /// <summary>Those of some rows of one engine.</summary>
    public static ValueList<SeenRows> Of(IEnumerable<Observation> rows) =>
    [
        .. rows.GroupBy(row => (Gpu: row.Gpu.Name, row.On.Work.Traits.Weights, row.On.Work.Traits.Layers))
            .Select(g => new SeenRows(g.Key.Gpu, g.Key.Weights, g.Key.Layers, g.Select(row => row.Key).Distinct().Count(),
                g.Select(row => row.Source).Distinct().Count()))
            .OrderBy(seen => string.Join('+', seen.Layers), StringComparer.Ordinal)
            .ThenBy(seen => seen.Weights, StringComparer.Ordinal).ThenBy(seen => seen.Gpu, StringComparer.Ordinal),
    ];
}
