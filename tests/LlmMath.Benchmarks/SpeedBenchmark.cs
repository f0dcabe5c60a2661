using System.Diagnostics;

namespace LlmMath.Benchmarks;

/// <summary>Times of estimating how fast a model answers: one kind of request over and over, then requests of many kinds on two
/// threads, as a file for <c>llmmath speed --requests</c> holds them.</summary>
internal static class SpeedBenchmark
{
    // Rounds of a millisecond or two, of which the shortest counts: what else runs on the machine falls into the others.
    private const int Rounds = 1500, Estimates = 500_000, Threads = 2, Kinds = 1024;

    public static void Run()
    {
        Print("dense, llama-3.1-8b", ModelCatalog.Llama3_1_8b, GpuCatalog.H200Sxm141Gb, EngineCatalog.Vllm, 1, WeightFormat.Fp8);
        Print("dense, llama-3.1-70b on 8 GPUs", ModelCatalog.Llama3_1_70b, GpuCatalog.H200Sxm141Gb, EngineCatalog.TensorrtLlm, 8,
            WeightFormat.Fp8);
        Print("dense, llama-3.1-8b in llama.cpp", ModelCatalog.Llama3_1_8b, GpuCatalog.Rtx4090, EngineCatalog.LlamaCpp, 1,
            WeightFormat.Find("q4_k_m"));
        Print("mixture, deepseek-v3 on 8 GPUs", ModelCatalog.DeepseekV3, GpuCatalog.H200Sxm141Gb, EngineCatalog.Sglang, 8,
            WeightFormat.Fp8);

        Mixed(0, 1000);
        long begin = Stopwatch.GetTimestamp();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread => Mixed(thread, Estimates));
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Console.WriteLine($"requests of 40 kinds: {Threads * Estimates / seconds:#,0} a second on {Threads} threads");
    }

    private static void Print(string name, ModelDefinition model, Gpu gpu, Engine engine, int tensor, WeightFormat weights)
    {
        Deployment deployment = new(model, gpu, engine, weights) { Placement = new() { Tensor = tensor } };
        Workload[] workloads = [.. Enumerable.Range(0, Kinds).Select(i => new Workload(512 + i, 128, 1 + (i & 63)))];
        double best = double.PositiveInfinity;
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread(), begin = Stopwatch.GetTimestamp();
            foreach (Workload workload in workloads)
            {
                Estimate(deployment, workload);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Console.WriteLine($"{name}: {best / Kinds * 1e9:0} ns an estimate, {bytes / Kinds} bytes allocated, one thread");
    }

    private static void Mixed(int first, int count)
    {
        ModelDefinition[] models =
            [ModelCatalog.Llama3_1_8b, ModelCatalog.Llama3_1_70b, ModelCatalog.Qwen3_32b, ModelCatalog.Mistral7b,
                ModelCatalog.Qwen3_8b];
        Gpu[] gpus = [GpuCatalog.H100Sxm80Gb, GpuCatalog.H200Sxm141Gb, GpuCatalog.A100Sxm80Gb, GpuCatalog.Rtx4090];
        WeightFormat[] formats = [WeightFormat.Bf16, WeightFormat.Fp8];
        Deployment[] deployments = [.. from weights in formats from gpu in gpus from model in models
            select new Deployment(model, gpu, EngineCatalog.Vllm, weights)];
        for (int i = first; i < first + count; i++)
        {
            Estimate(deployments[i % deployments.Length], new(1 + (i * 37 % 4000), 1 + (i * 11 % 1000), 1 + (i & 63)));
        }
    }

    private static void Estimate(Deployment deployment, Workload workload)
    {
        if (deployment.Speed(workload).TotalTime.Expected <= TimeSpan.Zero)
        {
            throw new InvalidOperationException("An estimate took no time.");
        }
    }
}
