using LlmMath.Engines;
using LlmMath.Speed;
using LlmMath.Speed.Pass;

namespace LlmMath.Calibration;

/// <summary>What the estimate of a row that is left out rests on: what the estimator would say of it, were what is left out with
/// it not in the evidence.</summary>
internal static class UnseenBasis
{
    /// <summary>What the engine's constants rest on there without the row's model on its GPU, whatever the model.</summary>
    public static Basis Of(Observation row, IEnumerable<Observation> evidence) =>
        OfHardware(row, evidence.Where(other => other.Metric == row.Metric && other.Group != row.Group));

    /// <summary>What an engine's constants rest on there, whatever the model.</summary>
    public static Basis OfHardware(Observation row, IEnumerable<Observation> kept)
    {
        Basis basis = Basis.Extrapolated;
        foreach (Observation other in kept)
        {
            if (other.Engine.Name == row.Engine.Name && other.Generation == row.Generation)
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

    /// <summary>What the estimate of each row rests on without a part of the evidence, and whether other hardware of its vendor
    /// is there.</summary>
    public static (Basis Basis, bool KnowsVendor)[] Of(IReadOnlyList<FittedRow> rows, LeftOut part)
    {
        var found = new (Basis, bool)[rows.Count];
        string[] keys = [.. rows.Select(p => part.KeyOf(p.Row))];
        foreach (var left in Enumerable.Range(0, rows.Count).GroupBy(i => (Key: keys[i], Engine: rows[i].Row.Engine.Name)))
        {
            Observation[] kept = [.. rows.Where((p, i) => keys[i] != left.Key.Key && p.Row.Engine.Name == left.Key.Engine)
                .Select(p => p.Row)];
            ValueList<SeenRows> seen = SeenTable.Of(kept);
            foreach (var like in left.GroupBy(i => (rows[i].Row.Gpu.Name, Traits: rows[i].Row.On.Work.Traits.ToString(),
                rows[i].Row.On.CacheBytes,
                IsShared: rows[i].Row.On.Tensor > 1, rows[i].Row.On.AttentionReplicas)))
            {
                Observation row = rows[like.First()].Row;
                var basis = (EstimateBasis.Of(seen, row.Gpu.Name, row.On.Work.Traits, OfHardware(row, kept),
                    () => TimedKernels.AreAll(row.On)).Basis, kept.Any(other => other.Gpu.Vendor == row.Gpu.Vendor));
                foreach (int i in like)
                {
                    found[i] = basis;
                }
            }
        }

        return found;
    }
}
