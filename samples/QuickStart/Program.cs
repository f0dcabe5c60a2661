// What does OPT-350m cost? The calculation a consultant makes on paper, row by row, and what the checkpoint really holds.
using LlmMath;

ModelDefinition opt = ModelCatalog.Opt350m;

Console.WriteLine($"{opt.Id}, counted on paper: the output embedding apart, no linear biases");
Console.WriteLine();
PrintWorking(opt.Parameters(CountingConvention.HandEstimate).Explain());

Console.WriteLine();
Console.WriteLine("From the paper to the checkpoint:");
Console.WriteLine();
PrintWorking(opt.Parameters().Reconcile());

long onPaper = opt.ParameterCount(CountingConvention.HandEstimate);
Console.WriteLine();
Console.WriteLine($"Weights of the {onPaper:N0} parameters on paper:");
Console.WriteLine();
Gpu[] gpus = [GpuCatalog.A10, GpuCatalog.Rtx4090, GpuCatalog.A100Sxm80Gb];
foreach (WeightFormat format in new[] { WeightFormat.Fp32, WeightFormat.Fp8, WeightFormat.Fp4 })
{
    ByteSize weights = WeightMemory.Of(onPaper, format);
    string fits = string.Join("  ", gpus.Select(gpu => Fit(weights, gpu)));
    Console.WriteLine($"  {format.Name,-5}{weights.Bytes,15:N0} bytes = {weights,-24}{fits}");
}

Console.WriteLine();
const int tokens = 2048;
double rate = GpuCatalog.A100Sxm80Gb.PeakRates.Fp32
    ?? throw new InvalidOperationException("The catalog has no fp32 rate for the A100.");
TimeSpan naive = GenerationTime.FullRecompute(onPaper, contextTokens: tokens, outputTokens: tokens, rate);
Console.WriteLine($"Naive bound: {tokens:N0} tokens, the full context of {tokens:N0} recomputed for each, "
    + "one operation a parameter and token,");
Console.WriteLine($"  {tokens:N0} × {tokens:N0} × {onPaper:N0} ÷ {rate / 1e12:0.0} × 10¹² a second = "
    + $"{naive.TotalSeconds:0.0} s on an A100 in fp32.");
Console.WriteLine("  Not a prediction: a cache of keys and values makes most of this work unnecessary.");

Console.WriteLine();
var a100 = new Deployment(opt, GpuCatalog.A100Sxm80Gb, EngineCatalog.Bound, WeightFormat.Fp32) { Keys = CacheFormat.Fp32 };
var cache = CacheComparison.Of(a100.Speed(new Workload(promptTokens: 1, outputTokens: tokens - 1)));
Console.WriteLine("What a cache costs and saves, for the same answer:");
Console.WriteLine($"  recomputed   {new ByteSize(0),24}{naive.TotalSeconds,9:0.0} s, the naive bound");
Console.WriteLine($"  cached       {cache.CacheBytes,24}{cache.CachedBound.TotalSeconds,9:0.0} s, "
    + "every weight and cached byte read at the peak bandwidth");

Console.WriteLine();
foreach (ModelDefinition model in new[] { ModelCatalog.Llama3_1_405b, ModelCatalog.DeepseekV3, ModelCatalog.GptOss120b })
{
    long parameters = model.ParameterCount(), active = model.ActiveParameterCount();
    Console.WriteLine($"{model.Name,-16}{parameters,17:N0} parameters"
        + (active == parameters ? "" : $", {active:N0} of them used by a token")
        + $", {WeightMemory.Of(parameters, WeightFormat.Bf16)} in bf16");
}

static void PrintWorking(ValueList<DerivationLine> lines)
{
    for (int i = 0; i < lines.Count; i++)
    {
        DerivationLine line = lines[i];
        Console.WriteLine($"  {i + 1}. {line.Term,-30}{line.Formula,-62}{line.Value,13:N0}  → {line.Total,11:N0}");
    }
}

static string Fit(ByteSize weights, Gpu gpu) =>
    gpu.Memory is not { } memory ? $"{gpu.DisplayName}: memory unknown"
    : weights <= memory ? $"{gpu.DisplayName}: {100.0 * weights.Bytes / memory.Bytes:0.0} % of {memory.Gibibytes:0} GiB"
    : $"{gpu.DisplayName}: does not fit";
