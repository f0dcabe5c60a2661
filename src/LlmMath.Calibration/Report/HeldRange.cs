using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Ranges that are read off the errors of rows held out, and are wide enough for groups that they were not read
/// off.</summary>
internal static class HeldRange
{
    private const double Share = 0.8;

    /// <summary>The 10th and the 90th percentile of measured ÷ estimated, to the power, 1 at least, at which those of the other
    /// groups hold four in five rows: a group is a model on a GPU, whose rows err alike. Of n groups a further one is held as
    /// often as asked at the share × (n + 1) ÷ n of theirs. Source: Angelopoulos and Bates, "A Gentle Introduction to Conformal
    /// Prediction", arXiv:2107.07511, section 1.</summary>
    /// <param name="rows">Rows held out, of one kind of hardware and one metric.</param>
    public static Spread Of(IReadOnlyCollection<FittedRow> rows)
    {
        Spread all = Read(rows);
        ModelOnGpu[] groups = [.. rows.Select(p => p.Row.Group).Distinct()];
        double[] powers = groups.Length < 2 ? [] : [.. groups.SelectMany(group =>
        {
            Spread others = Read(rows.Where(p => p.Row.Group != group));
            return rows.Where(p => p.Row.Group == group).SelectMany(p => Enumerable.Repeat(Power(p, others), p.Row.Rows));
        })];
        double share = Math.Min(1, Share * (groups.Length + 1) / groups.Length);
        double power = powers.Length == 0 ? 1 : Math.Max(1, Quantile.Of(powers, share));
        return new(Math.Pow(all.Low, power), Math.Pow(all.High, power));
    }

    /// <summary>The rows that lie in their range: that of all other groups of their kind and metric.</summary>
    /// <param name="rows">Rows held out.</param>
    /// <param name="kindOf">What shares a range.</param>
    public static HashSet<FittedRow> Inside(IEnumerable<FittedRow> rows, Func<Observation, string> kindOf)
    {
        var inside = new HashSet<FittedRow>(ReferenceEqualityComparer.Instance);
        foreach (var kind in rows.GroupBy(p => (kindOf(p.Row), p.Row.Metric)))
        {
            foreach (var group in kind.GroupBy(p => p.Row.Group))
            {
                FittedRow[] others = [.. kind.Where(p => p.Row.Group != group.Key)];
                Spread range = others.Length == 0 ? new(1, 1) : Of(others);
                inside.UnionWith(group.Where(p =>
                    p.Row.Seconds >= range.Low * p.Unseen && p.Row.Seconds <= range.High * p.Unseen));
            }
        }

        return inside;
    }

    private static Spread Read(IEnumerable<FittedRow> rows)
    {
        var found = Statistics.Unseen(rows);
        return new(Math.Min(1, found.Low), Math.Max(1, found.High));
    }

    // To what power a range holds a row.
    private static double Power(FittedRow p, Spread range)
    {
        double log = Math.Log(p.Row.Seconds / p.Unseen), bound = Math.Log(log < 0 ? range.Low : range.High);
        return log == 0 ? 0 : bound == 0 ? double.PositiveInfinity : log / bound;
    }
}
