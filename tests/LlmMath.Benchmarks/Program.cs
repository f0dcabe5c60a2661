// Measures every kernel for which a ratio to ggml or OpenBLAS is to be reached, in one process, in turn, and prints a table in
// Markdown: what was reached beside what was to be. `dotnet run -c Release --project tests/LlmMath.Benchmarks -- --against
// ggml=DIR --against openblas` `--set blocks`: the other block formats; `--set vectors`: several vectors at once.
using LlmMath.Benchmarks;
using LlmMath.Benchmarks.Figures;
using LlmMath.Benchmarks.Quantization;
using LlmMath.Cli;
using LlmMath.Cli.Bench;
using LlmMath.Cli.Bench.Peers;

// Other benchmarks instead: `-- first` the first use of an entry in this fresh process, `-- count` the counts, `-- memory` the
// memory estimates, `-- speed` those of speed, `-- training` those of training, `-- plan` searches for a plan,
// `-- generator` the edit of one of 500 definitions, `-- quantize [--against ggml=DIR] [--format NAME]` quantizing and
// dequantizing.
// `-- ggml-digests DIR` prints what the tests hold the formats against.
// `-- figures --out FILE` writes every figure of the tool over the catalog, `-- figures --diff OLD NEW` what changed.
switch (args)
{
    case ["first"]:
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        long parameters = LlmMath.ModelCatalog.Gpt2.ParameterCount();
        double milliseconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.WriteLine($"the first count of a process, {parameters:N0}: {milliseconds:0.00} ms");
        return 0;
    case ["count"]:
        CountBenchmark.Run();
        return 0;
    case ["speed"]:
        SpeedBenchmark.Run();
        return 0;
    case ["memory"]:
        MemoryBenchmark.Run();
        return 0;
    case ["training"]:
        TrainingBenchmark.Run();
        return 0;
    case ["plan"]:
        PlanBenchmark.Run();
        return 0;
    case ["generator"]:
        GeneratorBenchmark.Run();
        return 0;
}

try
{
    if (args is ["quantize", .. string[] rest])
    {
        QuantizationBenchmark.Run(rest);
        return 0;
    }

    if (args is ["figures", .. string[] figures])
    {
        return FiguresVerb.Run(figures);
    }

    if (args is ["ggml-digests", string folder])
    {
        GgmlDigests.Run(folder);
        return 0;
    }

    (string[] against, int rounds, string set) = Arguments.Of(args);
    IReadOnlyList<BenchCase> cases = BenchCases.Of(set);
    using KernelBench bench = Peer.Load(against, rounds);
    Cores.PinCaller(0);
    Console.WriteLine(
        $"{Machine.Name}, {Cores.Allowed.Length} cores, {LlmMath.Numerics.KernelPaths.Best}, .NET "
            + $"{Environment.Version}, {rounds} rounds{(bench.Build is { } build ? ", " + build : "")}");
    Console.WriteLine();
    Console.WriteLine(
        "| kernel | level | columns | vectors | threads | GB/s (min … max) "
            + "| of the read limit | against | its GB/s | ratio | to reach |");
    Console.WriteLine("|---|---|--:|--:|--:|--:|--:|---|--:|--:|--:|");
    foreach (BenchCase what in cases)
    {
        IReadOnlyList<BenchResult> results = bench.Measure(what);
        foreach (BenchResult peer in results.Skip(1))
        {
            Console.WriteLine(ResultRow.Of(results[0], peer, Floor.Of(what, peer.Implementation)));
        }
    }

    return 0;
}
catch (CliException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}
