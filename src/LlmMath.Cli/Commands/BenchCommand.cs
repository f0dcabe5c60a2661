using System.CommandLine;
using LlmMath.Cli.Bench;
using LlmMath.Cli.Bench.Peers;
using LlmMath.Cli.Output;
using LlmMath.Numerics;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath bench</c>: how fast this machine multiplies by weights, beside its read limit and beside peers.</summary>
internal static class BenchCommand
{
    private const int MostColumns = 1 << 20, MostRounds = 10_000;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var kernels = new Option<string[]>("--kernel")
        {
            Description = "A kernel, several times for several: " + string.Join(", ", BenchKernel.All)
                + ". Default: those not portable.",
            HelpName = "K",
        };
        var levels = new Option<string[]>("--level") { Description = "l2, l3 or memory. Default: all.", HelpName = "L" };
        var columns = new Option<int[]>("--columns")
        {
            Description = $"Columns of the matrix, to {N(MostColumns)}. Default: 4096.",
            HelpName = "N",
        };
        var threads = new Option<int[]>("--threads")
        {
            Description = $"Threads, each pinned, to {N(KernelWorkers.MostThreads)}. Default: 1, and one a core.",
            HelpName = "N",
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = $"Rounds that medians are taken of, to {N(MostRounds)}.",
            HelpName = "N",
            DefaultValueFactory = _ => 15,
        };
        var against = new Option<string[]>("--against")
        {
            Description = "A peer: openblas, or ggml=DIR with the folder of libggml-base.so and libggml-cpu*.so.",
            HelpName = "PEER",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("bench",
            "Measure this machine's read limit and the matrix-vector products. Rates are stored bytes of weights a second.")
        {
            kernels, levels, columns, threads, rounds, against, json,
        };
        command.SetAction(parsed =>
        {
            var plan = new BenchPlan(
                Named(parsed.GetValue(kernels), BenchKernel.All, "--kernel", k =>
                    k.Path != KernelPath.Portable || KernelPaths.Best == KernelPath.Portable),
                Named(parsed.GetValue(levels), CacheLevel.All, "--level", _ => true),
                Within(MostColumns, parsed.GetValue(columns), "--columns", 4096),
                Within(KernelWorkers.MostThreads, parsed.GetValue(threads), "--threads",
                    [.. new[] { 1, Cores.Allowed.Length }.Distinct()]));
            int each = Within(MostRounds, [parsed.GetValue(rounds)], "--rounds")[0];
            return Run(plan, each, parsed.GetValue(against) ?? [], parsed.GetValue(json), output, error);
        });
        return command;
    }

    private static int Run(BenchPlan plan, int rounds, string[] against, bool json, TextWriter output, TextWriter error)
    {
        plan.RequireWholeBlocks();
        using KernelBench bench = Peer.Load(against, rounds);
        if (bench.Build is not null && plan.Threads.Any(threads => threads > Ggml.MostThreads))
        {
            throw new CliException($"--threads: beside ggml, 1 to {N(Ggml.MostThreads)} is possible.");
        }

        Cores.PinCaller(0);
        var results = new List<BenchResult>();
        var progress = new ProgressLine(error);
        List<BenchCase> cases = [.. plan.Cases()];
        foreach ((int done, BenchCase what) in cases.Index())
        {
            progress.Report(done, cases.Count, $"{what.Kernel} {what.Level} K = {what.Columns} threads {what.Threads}");
            results.AddRange(bench.Measure(what));
        }

        progress.Clear();
        if (json)
        {
            JsonOut.Write(output, writer => writer.Array(null, results, result => BenchJson.Write(writer, result)));
            return ExitStatus.Done;
        }

        string[] peers = [.. results.SelectMany(r => r.RatioTo.Keys).Distinct()];
        Table table = Of(["kernel", "level", "implementation"],
            ["rows", "columns", "threads", "GB/s", "min … max", "read limit", "of limit", .. peers.Select(peer => "÷ " + peer)]);
        foreach (BenchResult r in results)
        {
            table.Row([
                r.Case.Kernel.Name, r.Case.Level.Name, r.Implementation, N(r.Rows), N(r.Case.Columns), N(r.Case.Threads),
                N(r.BytesPerSecond.Median, 1e9),
                $"{N(r.BytesPerSecond.Least, 1e9)} … {N(r.BytesPerSecond.Most, 1e9)}", N(r.ReadLimit, 1e9),
                N(r.BytesPerSecond.Median / r.ReadLimit, 1),
                .. peers.Select(
                    peer => r.RatioTo.TryGetValue(peer, out double ratio) && r.Implementation == "llmmath" ? N(ratio, 1) : ""),
            ]);
        }

        output.WriteTable(table);
        output.WriteLine(
            $"Widest path: {KernelPaths.Best}. Medians of {rounds} rounds, "
                + $"contenders in turn; ratios are medians within a round.");
        return ExitStatus.Done;
    }

    private static IReadOnlyList<T> Named<T>(string[]? names, IReadOnlyList<T> all, string option, Func<T, bool> usual)
        where T : notnull
    {
        if (names is null or [])
        {
            return [.. all.Where(usual)];
        }

        return [.. names.Select(
            name => all.FirstOrDefault(item => string.Equals(item.ToString(), name, StringComparison.OrdinalIgnoreCase))
            ?? throw new CliException($"{option}: \"{name}\" is none of {string.Join(", ", all)}."))];
    }

    private static IReadOnlyList<int> Within(int most, int[]? values, string option, params int[] usual)
    {
        IReadOnlyList<int> chosen = values is null or [] ? usual : values;
        foreach (int value in chosen.Where(value => value < 1 || value > most))
        {
            throw new CliException($"{option}: 1 to {N(most)} is possible; it is {N(value)}.");
        }

        return chosen;
    }
}
