namespace LlmMath.Cli.Bench;

/// <summary>A contender's rate in one case.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Implementation"><c>llmmath</c>, or the peer.</param>
/// <param name="BytesPerSecond">Stored bytes of weights ÷ time, median of the rounds, and the slowest and the fastest.</param>
/// <param name="ReadLimit">The read limit in the same rounds, in bytes a second.</param>
/// <param name="RatioTo">How many times as fast as each peer: the median of the ratios within a round.</param>
internal sealed record BenchResult(
    BenchCase Case, int Rows, string Implementation, (double Median, double Least, double Most) BytesPerSecond, double ReadLimit,
    IReadOnlyDictionary<string, double> RatioTo);

/// <summary>One matrix product to measure; with several vectors, a matrix-matrix product.</summary>
internal sealed record BenchCase(BenchKernel Kernel, CacheLevel Level, int Columns, int Threads, int Vectors = 1);
