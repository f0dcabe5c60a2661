using System.Diagnostics;
using LlmMath.Planning;

namespace LlmMath.Benchmarks;

/// <summary>Times of searches for a plan: over the whole catalog in every format that the engines load, with usual limits, with
/// tight ones and with limits that nothing meets; and of one model, the first of a process and again.</summary>
internal static class PlanBenchmark
{
    private const int Rounds = 3;

    public static void Run()
    {
        ServiceRequirements one = ServiceRequirements.For(
            UseCase.Chat, ServiceLoad.OfUsers(20), ModelCatalog.Find("llama-3.1-70b-instruct"));
        Print("one model, 20 users, the first of the process", one, 1);
        Print("one model, 20 users", one, Rounds);
        Print("one model, no limits", one with { TimeToFirstToken = null, InterTokenLatency = null }, Rounds);
        Print("one model, 1 ms between tokens: nothing meets", one with { InterTokenLatency = LatencyLimit.Of(1) }, Rounds);
        ServiceRequirements all = ServiceRequirements.For(
            UseCase.Chat, ServiceLoad.OfUsers(200), [.. ModelCatalog.All]) with
            {
                Weights = [.. WeightFormat.All.Where(format => ServiceRequirements.UsualEngines
                    .Any(engine => engine.Supports(format, CacheFormat.Bf16)))],
            };
        Print("catalog, chat, 200 users", all, Rounds);
        Print("catalog, 20 ms to the first token, 5 ms between tokens", all with
        {
            TimeToFirstToken = LatencyLimit.Of(20), InterTokenLatency = LatencyLimit.Of(5),
        }, Rounds);
        Print("catalog, MMLU-Pro 50 or more", all with { Quality = [QualityFloor.Parse("MMLU-Pro>=50")] }, Rounds);
        Print("catalog, budget 10 US dollars: nothing meets", all with { Budget = 10 }, Rounds);
        Print("catalog, 0.1 ms to the first token: nothing meets", all with { TimeToFirstToken = LatencyLimit.Of(0.1) }, Rounds);
        Print("catalog, 0.1 ms between tokens, 100 US dollars: nothing meets",
            all with { InterTokenLatency = LatencyLimit.Of(0.1), Budget = 100 }, Rounds);
        Print("catalog, batch of 10,000,000 in a day", all with
        {
            Load = ServiceLoad.OfBatch(1e7, TimeSpan.FromDays(1)), TimeToFirstToken = null, InterTokenLatency = null,
        }, Rounds);
    }

    private static void Print(string name, ServiceRequirements r, int rounds)
    {
        double best = double.PositiveInfinity, worked = best;
        PlanResult? result = null;
        for (int round = 0; round < rounds; round++)
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            long begin = Stopwatch.GetTimestamp();
            result = Planner.Plan(r);
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            worked = Math.Min(worked, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
        }

        Console.WriteLine(FormattableString.Invariant($"{name}: {1000 * best:#,0} ms, {1000 * worked:#,0} ms of processors; ")
            + FormattableString.Invariant($"{result!.Candidates:#,0} candidates, {result.Bounded:#,0} bounds, ")
            + FormattableString.Invariant($"{result.Estimated:#,0} estimated ({100.0 * result.Estimated / result.Candidates:0.00} ")
            + FormattableString.Invariant($"%), {result.Plans.Count} plans"));
    }
}
