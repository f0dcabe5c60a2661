using System.Diagnostics;

namespace LlmMath.Benchmarks;

/// <summary>What a count costs: the fold over an architecture's tensors, of every model of the catalog, and what it
/// allocates.</summary>
internal static class CountBenchmark
{
    private const int Rounds = 7, Counts = 2_000;

    public static void Run()
    {
        ModelDefinition[] models = [.. ModelCatalog.All];
        foreach (ModelDefinition model in models)
        {
            Measure(model);
        }

        (double Nanoseconds, long Bytes, string Name)[] times = [.. models.Select(model => (Measure(model), model.Name))
            .Select(m => (m.Item1.Nanoseconds, m.Item1.Bytes, m.Name)).Order()];
        Console.WriteLine($"{models.Length} models, the fold of each {Counts * Rounds:N0} times, the least of {Rounds} rounds:");
        Console.WriteLine(
            $"  median {times[times.Length / 2].Nanoseconds:0} ns; most {times[^1].Nanoseconds:0} ns ({times[^1].Name}); "
            + $"{times.Sum(t => t.Bytes)} bytes allocated");
    }

    private static (double Nanoseconds, long Bytes) Measure(ModelDefinition model)
    {
        Architecture architecture = model.Architecture;
        ParameterBreakdown breakdown = model.Parameters();
        double least = double.MaxValue;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Counts; i++)
            {
                if (breakdown.Total != model.ParameterCount())
                {
                    throw new InvalidOperationException(
                        $"{model.Name}: the fold over {architecture.Family} and the compiled total differ.");
                }
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Counts);
        }

        return (least, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
