using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a model reached in a benchmark, by whom it was run.</summary>
/// <param name="Model">The entry of <c>ModelCatalog</c>.</param>
/// <param name="Benchmark">The benchmark: <c>MMLU-Pro</c>.</param>
/// <param name="Value">The score, mostly in percent.</param>
/// <param name="ReportedBy">Who ran or published it. Settings differ between them: scores of two reporters are not to be
/// compared.</param>
/// <param name="Setting">How it was run: shots, prompts; null where the source does not say.</param>
/// <param name="Note">What a reader should know; null where there is nothing.</param>
/// <param name="Source">Where it was read.</param>
public sealed record BenchmarkScore(
    string Model, string Benchmark, double Value, string ReportedBy, string? Setting, string? Note, Citation Source)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(BenchmarkScore), PrintMembers);
}
