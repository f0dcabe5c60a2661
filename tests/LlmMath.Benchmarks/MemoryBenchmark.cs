using System.Diagnostics;

namespace LlmMath.Benchmarks;

/// <summary>What a memory estimate costs on one core, and what it allocates: every model of the catalog in each of a few setups
/// that it allows.</summary>
internal static class MemoryBenchmark
{
    private const int Rounds = 5, Repeats = 40;

    public static void Run()
    {
        Measure("weights and cache", new(WeightFormat.Bf16) { Batch = 8, Context = 1000 });
        Measure("vllm, fp8", new(WeightFormat.Fp8) { Batch = 8, Context = 1000, Engine = EngineCatalog.Vllm });
        Measure("vllm, awq, TP 2, PP 2", new(WeightFormat.Awq4Bit128G)
        {
            Batch = 8, Context = 1000, Engine = EngineCatalog.Vllm, Parallelism = new() { Tensor = 2, Pipeline = 2 },
        });
        Measure("llama.cpp, q8_0", new(WeightFormat.Q8) { Context = 1000, Engine = EngineCatalog.LlamaCpp });
        Measure("llama.cpp, q4_k_m (a choice a layer)",
            new(WeightFormat.Q4KM) { Context = 1000, Engine = EngineCatalog.LlamaCpp });
    }

    private static void Measure(string what, InferenceSetup setup)
    {
        ModelDefinition[] models = [.. ModelCatalog.All.Where(model => Allows(model, setup))];
        double least = double.MaxValue;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            long sum = 0;
            for (int i = 0; i < Repeats; i++)
            {
                foreach (ModelDefinition model in models)
                {
                    unchecked
                    {
                        sum += model.InferenceMemory(setup).Total.Bytes;
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

    // Once, so that every architecture is built before the clock starts.
    private static bool Allows(ModelDefinition model, InferenceSetup setup)
    {
        try
        {
            return model.InferenceMemory(setup).Total.Bytes > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
