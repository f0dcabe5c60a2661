// Why does quantization speed up decoding? A token reads every weight once, and a processor computes faster than memory delivers: fewer
// bytes, more tokens. Two models of the catalog, weights made up, decoded in three formats beside what the read limit predicts.
using System.Diagnostics;
using LlmMath;

int tokens = args.Length > 0 && int.TryParse(args[0], out int asked) && asked is > 0 and <= 2000 ? asked : 48;
int threads = Math.Min(Environment.ProcessorCount, 8);
using var workers = new KernelWorkers(threads);

Console.WriteLine($"{tokens} tokens, one sequence, {threads} threads, {KernelPaths.Best}, weights generated");
Console.WriteLine();
Console.WriteLine("model          format   weights a token   read limit   roofline   measured   of it   speed-up");
foreach (ModelDefinition model in new[] { ModelCatalog.Opt125m, ModelCatalog.Smollm2_135m })
{
    double? fp32 = null;
    foreach (MatrixFormat format in new[] { MatrixFormat.Fp32, MatrixFormat.Q8_0, MatrixFormat.Q4_0 })
    {
        using var decoder = new Decoder(model, format, workers, capacity: tokens + 4);
        ByteSize bytes = decoder.WeightBytes;

        // The limit of a stream as long as the weights: what fits the last-level cache is read faster than memory.
        using var probe = new ReadProbe(bytes.Bytes);
        double limit = probe.BytesPerSecond(workers, TimeSpan.FromSeconds(0.5));
        double measured = TokensPerSecond(decoder, tokens), roofline = limit / bytes.Bytes;
        fp32 ??= measured;
        Console.WriteLine($"{model.Name,-14} {format,-6} {bytes.Bytes / 1e6,13:N0} MB {limit / 1e9,7:0.0} GB/s {roofline,8:0.0}/s {measured,8:0.0}/s "
            + $"{measured / roofline,6:P0} {measured / fp32,9:0.00}×");
    }
}

Console.WriteLine();
Console.WriteLine("The roofline is the read limit ÷ the bytes of the weights: what remains between it and the measured rate is attention, norms, the");
Console.WriteLine("rounding of activations and the hand-over between threads. It binds less, the fewer the bytes.");

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
