using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>A score that a model must reach.</summary>
/// <param name="Benchmark">The benchmark, as <see cref="Quality.Benchmarks"/> names it.</param>
/// <param name="AtLeast">The least that will do.</param>
/// <param name="ReportedBy">By whom; null for the one who has scores of most models that would do. Only theirs count: those of
/// others were reached under other settings.</param>
public sealed record QualityFloor(string Benchmark, double AtLeast, string? ReportedBy = null)
{
    /// <summary>A floor as people write it: <c>MMLU-Pro&gt;=50</c>.</summary>
    /// <param name="text">The benchmark, &gt;=, a number.</param>
    /// <exception cref="EstimateException">It is not of that form.</exception>
    /// <exception cref="UnknownNameException">No score of such a benchmark is known; the error lists the nearest.</exception>
    public static QualityFloor Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(">=");
        if (parts.Length != 2 || !double.TryParse(parts[1], System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture, out double least) || !double.IsFinite(least))
        {
            throw new EstimateException(nameof(QualityFloor),
                $"a benchmark, >= and a number are right, as in MMLU-Pro>=50; it is {NumberText.Quoted(text)}.");
        }

        return new(Quality.Benchmark(parts[0].Trim()), least);
    }

    /// <summary>The floor as people write it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Benchmark} >= {AtLeast:0.##}")
        + (ReportedBy is null ? "" : $" by {ReportedBy}");
}
