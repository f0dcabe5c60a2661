namespace LlmMath.Planning.Scores;

/// <summary>Whether models and formats are good enough. What is not known is not, unless that was asked for.</summary>
internal sealed class QualityCheck
{
    private readonly bool _acceptsUnknown;
    private readonly double? _mostLoss;
    private readonly (QualityFloor Floor, Dictionary<string, double> Scores)[] _floors;

    /// <summary>Checks over the models that would do.</summary>
    public QualityCheck(IReadOnlyList<QualityFloor> floors, double? mostLoss, bool acceptsUnknown,
        IReadOnlyCollection<ModelDefinition> models)
    {
        (_mostLoss, _acceptsUnknown) = (mostLoss, acceptsUnknown);
        HashSet<string> names = [.. models.Select(model => model.Name)];
        _floors = [.. floors.Select(floor => (floor, Best(floor, names)))];
    }

    /// <summary>Whether a model reaches every floor.</summary>
    public bool Allows(ModelDefinition model) => Array.TrueForAll(_floors, one =>
        one.Scores.TryGetValue(model.Name, out double score) ? score >= one.Floor.AtLeast : _acceptsUnknown);

    /// <summary>Whether a format costs no more of quality than may be lost, at worst.</summary>
    public bool Allows(ModelDefinition model, WeightFormat format)
    {
        if (_mostLoss is not { } most || Quality.IsLossless(model, format))
        {
            return true;
        }

        FormatLoss[] known = [.. Quality.LossOf(model, format).Where(loss => loss.Kind != LossKind.Divergence)];
        return known.Length > 0 ? Array.TrueForAll(known, loss => loss.High <= most) : _acceptsUnknown;
    }

    // Scores of one reporter alone, the best of the settings in which a model was run.
    private static Dictionary<string, double> Best(QualityFloor floor, HashSet<string> models) => Quality.Scores
        .Where(score => score.Benchmark.Equals(floor.Benchmark, StringComparison.OrdinalIgnoreCase)
            && models.Contains(score.Model) && (floor.ReportedBy is null
                || score.ReportedBy.Equals(floor.ReportedBy, StringComparison.OrdinalIgnoreCase)))
        .GroupBy(score => score.ReportedBy)
        .OrderByDescending(scores => scores.Select(score => score.Model).Distinct().Count())
        .ThenBy(scores => scores.Key, StringComparer.Ordinal).FirstOrDefault()?
        .GroupBy(score => score.Model).ToDictionary(scores => scores.Key, scores => scores.Max(score => score.Value)) ?? [];
}
