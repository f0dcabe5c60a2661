using System.Diagnostics;
using LlmMath.Training;

namespace LlmMath.Benchmarks;

/// <summary>What a training estimate costs on one core: laying a run out over its GPUs, memory, and time with it.</summary>
internal static class TrainingBenchmark
{
    // Rounds of a millisecond or two, of which the shortest counts: what else runs on the machine falls into the others.
    private const int Rounds = 1500, Repeats = 200;

    private static readonly TimeSpan s_warm = TimeSpan.FromSeconds(1);

    private static readonly TrainingRun s_full = new(TrainingMethod.Full, 1_000_000_000) { SequenceLength = 4096 };

    public static void Run()
    {
        var rollout = new Rollout(new(200), new(800, 2000, 3072));
        Measure("full, ZeRO 3 of 8, memory", s_full, _ => 0);
        Measure("full, ZeRO 3 of 8, memory and time", s_full, e => e.Speed!.StepTokens);
        Measure("DPO, memory and time", s_full with { Method = TrainingMethod.Dpo }, e => e.Speed!.StepTokens);
        Measure("LoRA, memory and time", s_full with { Method = TrainingMethod.Lora, Adapter = LoraSpec.AllLinear(16) },
            e => e.Speed!.StepTokens);
        TrainingRun grpo = new(TrainingMethod.Grpo, 1_000_000_000) { Rollout = rollout };
        Measure("GRPO, memory and time", grpo, e => e.Speed!.StepTokens);
        Measure("GRPO, other answers each time", grpo, e => e.Speed!.StepTokens,
            run => run with { Rollout = rollout with { EngineShare = 0.5 } });
    }

    private static void Measure(
        string what, TrainingRun run, Func<TrainingEstimate, double> also, Func<TrainingRun, TrainingRun>? next = null)
    {
        var on = new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Torchtitan, WeightFormat.Bf16)
        {
            Placement = new() { Data = 8, Sharding = Sharding.Zero3 },
        };
        double least = double.MaxValue, sum = 0;
        // Until the compiler has seen which paths are taken.
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < s_warm;)
        {
            sum += also(on.Training(next?.Invoke(run) ?? run));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Repeats; i++)
            {
                TrainingEstimate estimate = on.Training(next?.Invoke(run) ?? run);
                sum += estimate.Memory.Allocated.Bytes + also(estimate);
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Repeats);
        }

        GC.KeepAlive(sum);
        long allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (Rounds * Repeats);
        Console.WriteLine($"{what}: {least:0.0} µs an estimate on one core (the best of {Rounds} rounds), {allocated:N0} bytes "
            + "allocated");
    }
}
