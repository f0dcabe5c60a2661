// Measures every kernel for which a ratio to ggml or OpenBLAS is to be reached, in one process, in turn, and prints a table in Markdown:
// what was reached beside what was to be. `dotnet run -c Release --project tests/LlmMath.Benchmarks -- --against ggml=DIR --against openblas`
using LlmMath.Benchmarks;
using LlmMath.Cli;
using LlmMath.Cli.Bench;
using LlmMath.Cli.Bench.Peers;

// `-- first` measures the first use of an entry in this fresh process instead, `-- count` the counts, `-- speed` the estimates, `-- generator` the edit of one of
// 500 definitions.
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
    case ["generator"]:
        GeneratorBenchmark.Run();
        return 0;
}

try
{
    (string[] against, int rounds) = Arguments.Of(args);
    IReadOnlyList<BenchCase> cases = [.. Floor.All.Select(floor => floor.Kernel).Distinct().SelectMany(BenchCases.Of)];
    using KernelBench bench = Peer.Load(against, rounds);
    Cores.PinCaller(0);
    Console.WriteLine($"{Machine.Name}, {Cores.Allowed.Length} cores, {LlmMath.KernelPaths.Best}, .NET {Environment.Version}, {rounds} rounds");
    Console.WriteLine();
    Console.WriteLine("| kernel | level | columns | threads | GB/s (min … max) | of the read limit | against | its GB/s | ratio | to reach |");
    Console.WriteLine("|---|---|--:|--:|--:|--:|---|--:|--:|--:|");
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
