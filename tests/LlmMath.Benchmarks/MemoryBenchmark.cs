using System.Diagnostics;

namespace LlmMath.Benchmarks;

/// <summary>What a memory estimate costs on one core, and what it allocates: every model of the catalog in each of a few setups
/// that it allows.</summary>
internal static class MemoryBenchmark
{
    private const int Rounds = 5, Repeats = 40;

    public static void Run()
    {
        Workload eight = Workload.OfContext(1000, 8), one = Workload.OfContext(1000);
        Measure("weights and cache", eight, model => new(model, WeightFormat.Bf16));
        Measure("vllm, fp8", eight, model => new(model, null, EngineCatalog.Vllm, WeightFormat.Fp8));
        Measure("vllm, awq, TP 2, PP 2", eight, model => new(model, null, EngineCatalog.Vllm, WeightFormat.Awq4Bit128G)
        {
            Placement = new() { Tensor = 2, Pipeline = 2 },
        });
        Measure("llama.cpp, q8_0", one, model => new(model, null, EngineCatalog.LlamaCpp, WeightFormat.Q8));
        Measure("llama.cpp, q4_k_m (a choice a layer)", one,
            model => new(model, null, EngineCatalog.LlamaCpp, WeightFormat.Q4KM));
    }

    private static void Measure(string what, Workload workload, Func<ModelDefinition, Deployment> deploy)
    {
        Deployment[] models = [.. ModelCatalog.All.Select(deploy).Where(deployment => Allows(deployment, workload))];
        double least = double.MaxValue;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            long sum = 0;
            for (int i = 0; i < Repeats; i++)
            {
                foreach (Deployment deployment in models)
                {
                    unchecked
                    {
                        sum += deployment.Memory(workload).Total.Bytes;
                    }
                }
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
            GC.KeepAlive(sum);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine($"{what}: {Repeats * models.Length / least:N0} estimates a second on one core ({models.Length} models, "
            + $"the best of {Rounds} rounds), {allocated:N0} bytes allocated");
    }

    // Once, so that every deployment is worked out before the clock starts: what is timed is one more workload.
    private static bool Allows(Deployment deployment, Workload workload)
    {
        try
        {
            return deployment.Memory(workload).Total.Bytes > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
