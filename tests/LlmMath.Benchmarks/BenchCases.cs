using LlmMath.Cli.Bench;

namespace LlmMath.Benchmarks;

/// <summary>The cases of a kernel: each level, K = 4096 and 16384, one thread and two.</summary>
internal static class BenchCases
{
    public static IEnumerable<BenchCase> Of(string kernel) => new BenchPlan(
        [BenchKernel.All.Single(k => k.Name == kernel)], CacheLevel.All, [4096, 16384], [.. new[] { 1, Math.Min(2, Cores.Allowed.Length) }.Distinct()]).Cases();
}
