using System.Diagnostics;
using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>Times of making estimates.</summary>
internal static class EstimateTime
{
    private const int Estimates = 1_000_000;

    public static void Print(TextWriter output)
    {
        foreach ((ModelDefinition model, int tensor) in new[] { (ModelCatalog.Llama3_1_8b, 1), (ModelCatalog.DeepseekV3, 8) })
        {
            double best = Enumerable.Range(0, 5).Min(_ => Run(model, tensor, Estimates));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Name}: {best / Estimates * 1e9:0} ns an estimate, one thread"));
        }

        long begin = Stopwatch.GetTimestamp();
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ => Run(ModelCatalog.Llama3_1_8b, 1, Estimates));
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{2 * Estimates / seconds:#,0} estimates a second, two threads"));
    }

    private static double Run(ModelDefinition model, int tensor, int count)
    {
        long begin = Stopwatch.GetTimestamp();
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            var workload = new InferenceWorkload(512 + (i & 1023), 128, 1 + (i & 63)) { Parallelism = new() { Tensor = tensor } };
            sum += model.EstimateInference(GpuCatalog.H200Sxm141Gb, EngineCatalog.Vllm, workload, WeightFormat.Fp8).TotalTime.Expected.TotalSeconds;
        }

        return sum > 0 ? Stopwatch.GetElapsedTime(begin).TotalSeconds : throw new InvalidOperationException("An estimate took no time.");
    }
}
