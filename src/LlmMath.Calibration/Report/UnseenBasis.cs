using LlmMath.Engines;
using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>What the estimate of a row that is left out rests on: what the estimator would say of it, were its group not in the
/// evidence.</summary>
internal static class UnseenBasis
{
    public static Basis Of(Observation row, IEnumerable<Observation> evidence)
    {
        Basis basis = Basis.Extrapolated;
        foreach (Observation other in evidence)
        {
            if (other.Engine.Name == row.Engine.Name && other.Metric == row.Metric && other.Generation == row.Generation
                && other.Group != row.Group)
            {
                if (other.Gpu.Name == row.Gpu.Name)
                {
                    return Basis.Measured;
                }

                basis = Basis.Interpolated;
            }
        }

        return basis;
    }

    /// <summary>Share of rows within their stated range: read off the engine's other groups where the hardware's generation was
    /// seen, and widened as an estimate's basis asks for.</summary>
    public static double Coverage(IReadOnlyCollection<FittedRow> of)
    {
        List<(FittedRow Fitted, Basis Basis)> rows = [.. of.Select(p => (p, Of(p.Row, of.Select(o => o.Row))))];
        int inside = 0;
        foreach (var group in rows.GroupBy(p => p.Fitted.Row.Group))
        {
            var others = Statistics.Of(rows.Where(p => p.Basis != Basis.Extrapolated && p.Fitted.Row.Group != group.Key)
                .Select(p => (p.Fitted.Unseen, p.Fitted.Row.Seconds, 1)));
            foreach ((FittedRow fitted, Basis basis) in group)
            {
                Spread range = EngineChoice.Widened(new(others.Low, others.High), basis,
                    of.Any(p => p.Row.Group != group.Key && p.Row.Gpu.Vendor == fitted.Row.Gpu.Vendor),
                    fitted.Row.Metric == Metric.PrefillPass);
                double ratio = fitted.Row.Seconds / fitted.Unseen;
                inside += ratio >= range.Low && ratio <= range.High ? 1 : 0;
            }
        }

        return (double)inside / rows.Count;
    }
}
