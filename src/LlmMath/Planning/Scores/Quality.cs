using LlmMath.Basics;
using LlmMath.Planning.Prices;
using LlmMath.Planning.Scores;

namespace LlmMath.Planning;

/// <summary>What is known of how good models are, and of what formats cost them. What nobody measured is unknown, never
/// guessed.</summary>
public static class Quality
{
    private static ValueList<BenchmarkScore>? s_scores;
    private static ValueList<QuantizationLoss>? s_losses;
    private static ILookup<string, BenchmarkScore>? s_byModel;
    private static ILookup<string, QuantizationLoss>? s_byFormat;

    /// <summary>Scores that came with the library.</summary>
    public static ValueList<BenchmarkScore> Scores => s_scores ??=
        QualityJson.Scores(Resource.Read("quality/scores.json"));

    /// <summary>Losses by format that came with the library.</summary>
    public static ValueList<QuantizationLoss> Losses => s_losses ??=
        QualityJson.Losses(Resource.Read("quality/losses.json"));

    /// <summary>Benchmarks of which scores are known, those of most models first.</summary>
    public static ValueList<string> Benchmarks => [.. Scores.GroupBy(score => score.Benchmark)
        .OrderByDescending(scores => scores.Count()).ThenBy(scores => scores.Key, StringComparer.Ordinal)
        .Select(scores => scores.Key)];

    /// <summary>A benchmark's name as it is written here.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <exception cref="UnknownNameException">No score of it is known; the error lists the nearest.</exception>
    public static string Benchmark(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ValueList<string> all = Benchmarks;
        return all.FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownNameException(name, "is no benchmark of which scores are known", "Benchmarks", [.. all]);
    }

    /// <summary>Scores of a model, by benchmark and reporter.</summary>
    /// <param name="model">The model.</param>
    public static ValueList<BenchmarkScore> ScoresOf(ModelDefinition model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. (s_byModel ??= Scores.ToLookup(score => score.Model, StringComparer.Ordinal))[model.Name]
            .OrderBy(score => score.ReportedBy, StringComparer.Ordinal).ThenBy(score => score.Benchmark, StringComparer.Ordinal)];
    }

    /// <summary>What a format costs a model, by each kind of measure that is known: of the model itself where somebody measured
    /// it, else of all others. Empty where nobody measured the format; and for 16 bits and more, which is what losses are counted
    /// from.</summary>
    /// <param name="model">The model.</param>
    /// <param name="format">The format.</param>
    public static ValueList<FormatLoss> LossOf(ModelDefinition model, WeightFormat format)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(format);
        return [.. (s_byFormat ??= Losses.ToLookup(loss => loss.Format, StringComparer.Ordinal))[format.Name]
            .GroupBy(loss => loss.Kind).OrderBy(kind => kind.Key)
            .Select(kind =>
            {
                QuantizationLoss[] own = [.. kind.Where(loss => loss.Entry == model.Name)];
                double[] losses = [.. (own.Length > 0 ? own : kind.AsEnumerable()).Select(loss => loss.Loss).Order()];
                return new FormatLoss(format, kind.Key, losses[0], losses[losses.Length / 2], losses[^1], losses.Length,
                    own.Length > 0);
            })];
    }

    /// <summary>Whether weights of a format are the model's own, so that nothing is lost: 16 bits and more, or as its checkpoint
    /// was published.</summary>
    internal static bool IsLossless(ModelDefinition model, WeightFormat format)
    {
        if (format == WeightFormat.Bf16 || format == WeightFormat.Fp16 || format == WeightFormat.Fp32)
        {
            return true;
        }

        try
        {
            return model.CheckpointFormat is { } own && own.Name == format.Name;
        }
        catch (DefinitionException)
        {
            return false;
        }
    }
}
