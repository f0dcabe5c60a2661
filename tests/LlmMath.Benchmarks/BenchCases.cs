using LlmMath.Cli;
using LlmMath.Cli.Bench;

namespace LlmMath.Benchmarks;

/// <summary>The sets of cases.</summary>
internal static class BenchCases
{
    private static readonly int[] s_threads = [.. new[] { 1, Math.Min(2, Cores.Allowed.Length) }.Distinct()];

    /// <summary>A set by its name.</summary>
    /// <exception cref="CliException">There is no such set.</exception>
    public static IReadOnlyList<BenchCase> Of(string set) => set switch
    {
        "floors" => [.. Floor.All.Select(floor => floor.Kernel).Distinct()
            .SelectMany(kernel => Plan([kernel], CacheLevel.All, [4096, 16384]).Cases())],
        "blocks" => [.. Plan(Blocks(), CacheLevel.All, [4096]).Cases()],
        "vectors" =>
        [
            .. from what in Plan(["bf16", "q8_0", "q4_0", "q4_k"], [.. CacheLevel.All.Where(level => level.Name != "l3")], [4096])
                .Cases()
               from vectors in new[] { 2, 4, 8, 16 }
               select what with { Vectors = vectors },
        ],
        _ => throw new CliException($"--set {set}: known are floors, blocks and vectors."),
    };

    /// <summary>The block formats for which no ratio is to be reached.</summary>
    private static string[] Blocks() =>
    [
        .. MatrixFormat.All.Where(
            format => format.UsualActivations == ActivationFormat.Q8 && !Floor.All.Any(floor => floor.Kernel == format.Name))
            .Select(format => format.Name),
    ];

    private static BenchPlan Plan(string[] kernels, IReadOnlyList<CacheLevel> levels, int[] columns) =>
        new([.. kernels.Select(kernel => BenchKernel.All.Single(k => k.Name == kernel))], levels, columns, s_threads);
}
