namespace LlmMath.Calibration;

/// <summary>The rows of a pool and the ranges in which they should lie, of each model on each GPU by the widths that all the
/// others ask for.</summary>
internal sealed class RangeTrial
{
    private readonly Lazy<List<(Residual Of, double Width)>> _unseen;

    /// <summary>The trial of a pool.</summary>
    public RangeTrial(IReadOnlyList<FittedRow> rows)
    {
        (Rows, Residuals) = (rows, Residual.Of(rows));
        Factor = SourceFactor.Of(Residuals);
        _unseen = new(Try);
    }

    /// <summary>The rows.</summary>
    public IReadOnlyList<FittedRow> Rows { get; }

    /// <summary>How far they lie from estimates that have not seen them, the least first.</summary>
    public IReadOnlyList<Residual> Residuals { get; }

    /// <summary>How many times wider ranges must be for an unseen source; null where no engine has two.</summary>
    public double? Factor { get; }

    /// <summary>Each with the exponent that the other models on GPUs ask for.</summary>
    public IReadOnlyList<(Residual Of, double Width)> Unseen => _unseen.Value;

    /// <summary>The factor of an engine.</summary>
    public double FactorOf(string engine) => SourcesOf(engine) > 1 ? 1 : Math.Max(1, Factor ?? 1);

    /// <summary>Sources of an engine's rows.</summary>
    public int SourcesOf(string engine) =>
        Rows.Where(p => p.Row.Engine.Name == engine).Select(p => p.Row.Source).Distinct().Count();

    /// <summary>The share of some of the rows, left out with their model on their GPU, that lie in their range.</summary>
    public double Inside(List<FittedRow> rows)
    {
        var asked = new HashSet<FittedRow>(rows, ReferenceEqualityComparer.Instance);
        return Unseen.Where(p => p.Of.Part == LeftOut.Group && asked.Contains(p.Of.Fitted))
            .Average(p => p.Of.Needed <= p.Width ? 1.0 : 0);
    }

    private List<(Residual Of, double Width)> Try()
    {
        var found = new List<(Residual, double)>();
        foreach (var like in Residuals.GroupBy(r => (r.Fitted.Row.Group, r.Fitted.Row.Engine.Name, r.IsFirst)))
        {
            double[] widths = RangeWidths.Of(like.Key.Name, Residuals, like.Key.IsFirst, like.Key.Group);
            found.AddRange(like.Select(r => (r, widths[(int)r.Basis])));
        }

        return found;
    }
}
