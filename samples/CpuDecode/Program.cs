// Why does quantization speed up decoding? A token reads every weight once, and a processor computes faster than memory delivers:
// fewer bytes, more tokens. Two models of the catalog, weights made up, decoded in three formats beside what the library predicts
// of this machine.
using System.Diagnostics;
using LlmMath;
using LlmMath.Models.Families;
using LlmMath.Numerics;

int tokens = args.Length > 0 && int.TryParse(args[0], out int asked) && asked is > 0 and <= 2000 ? asked : 48;
int threads = Math.Min(Environment.ProcessorCount, 8);
using var workers = new KernelWorkers(threads);

Console.WriteLine($"{tokens} tokens, one sequence, {threads} threads, {KernelPaths.Best}, weights generated");
Console.WriteLine();
Console.WriteLine("model          format   weights a token   read limit      bound  predicted   measured   of it   speed-up");
foreach (ModelDefinition model in new[] { ModelCatalog.Opt125m, ModelCatalog.Smollm2_135m })
{
    double? fp32 = null;
    foreach (MatrixFormat format in new[] { MatrixFormat.Fp32, MatrixFormat.Q8_0, MatrixFormat.Q4_0 })
    {
        using var decoder = new Decoder(model, format, workers, capacity: tokens + 4);

        // Read as many bytes as the weights are: what fits the last-level cache is read faster than memory.
        var host = HostMachine.Measure(format, decoder.WeightBytes, workers);
        var workload = new Workload(promptTokens: 1, outputTokens: tokens);
        var here = new Deployment(model, host.Gpu, host.Engine, WeightFormat.Find(format.Name)) { Keys = CacheFormat.Fp32 };
        double bound = TokensPerSecondOf((here with { Engine = EngineCatalog.Bound }).Speed(workload));
        double predicted = TokensPerSecondOf(here.Speed(workload));
        double measured = TokensPerSecond(decoder, tokens);
        fp32 ??= measured;
        Console.WriteLine($"{model.Name,-14} {format,-6} {decoder.WeightBytes.Bytes / 1e6,13:N0} MB "
            + $"{host.Gpu.BytesPerSecond / 1e9,7:0.0} GB/s {bound,8:0.0}/s "
            + $"{predicted,8:0.0}/s {measured,8:0.0}/s {measured / predicted,6:P0} {measured / fp32,9:0.00}×");
    }
}

Console.WriteLine();
Console.WriteLine("""
    The bound reads every weight at the read limit and takes no other time; the prediction adds what products take, how far they
    hide it and their hand-over between threads, measured on a matrix a moment before. What remains is attention, norms and the
    rounding of activations.
    """);

static double TokensPerSecondOf(InferenceEstimate estimate) => 1 / estimate.InterTokenLatency.Expected.TotalSeconds;

static double TokensPerSecond(Decoder decoder, int tokens)
{
    // The first tokens meet code that is not compiled for speed yet.
    int token = 1;
    for (int i = 0; i < 4; i++)
    {
        token = decoder.Next(token);
    }

    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < tokens; i++)
    {
        token = decoder.Next(token);
    }

    return tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
}
