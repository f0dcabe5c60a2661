namespace LlmMath.Calibration;

/// <summary>How many times wider, as an exponent, a range must be for rows of a source that the fit has not seen than for rows of
/// a model on a GPU that it has not seen: the same rows, left out both ways.</summary>
internal static class SourceFactor
{
    /// <summary>That of the engines of a pool that have several sources; null where none has.</summary>
    /// <param name="sorted">Residuals, the least first.</param>
    public static double? Of(IReadOnlyList<Residual> sorted)
    {
        Residual[] source = [.. sorted.Where(r => r.Part == LeftOut.Source)];
        if (source.Length == 0)
        {
            return null;
        }

        var rows = new HashSet<FittedRow>(source.Select(r => r.Fitted), ReferenceEqualityComparer.Instance);
        return RangeWidths.Quantile(source)
            / RangeWidths.Quantile([.. sorted.Where(r => r.Part == LeftOut.Group && rows.Contains(r.Fitted))]);
    }
}
