using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>What should hold of any two estimates that differ in one thing, on drawn requests: more bandwidth, more compute,
/// fewer bits, a shorter prompt and a smaller context are not slower, and a token more changes times by little.</summary>
internal sealed class DrawnRequests
{
    /// <summary>By how much tables of timings may waver.</summary>
    public const double Tolerance = 1e-3;

    private static readonly (string Model, string Weights)[] s_models =
    [
        ("llama-3.1-8b", "bf16"), ("llama-3.1-8b", "fp8"), ("llama-3.1-70b", "fp8"), ("llama-3.1-70b", "bf16"),
        ("qwen3-32b", "fp8"), ("gemma-3-27b-it", "bf16"), ("mixtral-8x7b", "bf16"), ("gpt-oss-120b", "mxfp4"),
        ("qwen3-235b-a22b", "fp8"), ("deepseek-v3", "fp8"), ("qwen3.5-397b-a17b", "fp8"),
    ];

    private static readonly string[] s_gpus =
        ["a100-sxm-80gb", "h100-sxm-80gb", "h200-sxm-141gb", "b200-sxm-180gb", "b300-sxm-288gb", "l40s", "rtx-4090", "mi300x"];

    private static readonly string[] s_engines = ["vllm", "sglang", "tensorrt-llm"];

    private static readonly Arrival?[] s_arrivals = [null, Arrival.Continuous, Arrival.Together, Arrival.InStep];

    private readonly Random _random;
    private readonly SortedDictionary<string, (int Asked, int Slower, double Most, string At)> _found =
        new(StringComparer.Ordinal);

    private DrawnRequests(int seed) => _random = new Random(seed);

    /// <summary>Draws so many requests, and says of each kind of change how often it was asked, how often it was slower, by how
    /// much at most, and where. A drawn deployment answers several of them: what it needs is found once.</summary>
    public static IReadOnlyDictionary<string, (int Asked, int Slower, double Most, string At)> Of(
        int requests, int seed = 14, int each = 200)
    {
        var drawn = new DrawnRequests(seed);
        for (int asked = 0; asked < requests; asked += each)
        {
            drawn.Deployment(Math.Min(each, requests - asked));
        }

        return drawn._found;
    }

    /// <summary>The same as a table.</summary>
    public static string Text(int requests)
    {
        var text = new StringBuilder(
            "| change | requests | slower by more than 0.1 % | most | where |\n|---|---:|---:|---:|---|\n");
        foreach ((string change, var found) in Of(requests))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {change} | {found.Asked:N0} | {found.Slower / (double)found.Asked:P2} | {found.Most:P1} | {found.At} |\n");
        }

        return text.ToString();
    }

    private void Deployment(int requests)
    {
        (string model, string weights) = s_models[_random.Next(s_models.Length)];
        Gpu gpu = GpuCatalog.Find(s_gpus[_random.Next(s_gpus.Length)]);
        Engine engine = EngineCatalog.Find(s_engines[_random.Next(s_engines.Length)]);
        engine = engine.SupportsGpu(gpu) ? engine : EngineCatalog.Vllm;
        var on = new Deployment(ModelCatalog.Find(model), gpu, engine, WeightFormat.Find(weights))
        {
            Placement = new() { Tensor = 1 << _random.Next(4) },
        };
        double more = 1.05 + _random.NextDouble();
        // Kernels of a GPU that nobody timed are those of the one with the nearest compute capability, at its own rates.
        bool isTimed = KernelCatalog.Of(gpu)?.Profiles.Any(profile => profile.Gpu == gpu.Name) == true;
        string bandwidth = isTimed ? "more bandwidth, kernels timed there" : "more bandwidth, kernels borrowed";
        Deployment wider = on with { Gpu = gpu with { BytesPerSecond = gpu.BytesPerSecond * more } };
        Deployment faster = on with { Gpu = gpu with { PeakRates = Times(gpu.PeakRates, more) } };
        Deployment? fewer = Fewer(on);
        for (int i = 0; i < requests; i++)
        {
            Workload load = Drawn();
            InferenceEstimate estimate = on.Speed(load);
            Compare(bandwidth, estimate, wider.Speed(load));
            Compare("more compute", estimate, faster.Speed(load));
            if (fewer is not null)
            {
                Compare("fewer bits", estimate, fewer.Speed(load));
            }

            long less = 1 + (long)(load.PromptTokens * 0.5 * _random.NextDouble());
            if (load.PromptTokens - less > load.CachedPromptTokens)
            {
                Compare("a shorter prompt", estimate, on.Speed(load with { PromptTokens = load.PromptTokens - less }));
            }

            if (load.CachedPromptTokens > 0)
            {
                long smaller = 1 + (long)(load.CachedPromptTokens * _random.NextDouble() * 0.99);
                Compare("a smaller context", estimate, on.Speed(load with
                {
                    PromptTokens = load.PromptTokens - smaller, CachedPromptTokens = load.CachedPromptTokens - smaller,
                }));
            }

            Continues("prompt", load.PromptTokens - load.CachedPromptTokens, estimate,
                on.Speed(load with { PromptTokens = load.PromptTokens + 1 }));
            Continues("answer", load.OutputTokens, estimate, on.Speed(load with { OutputTokens = load.OutputTokens + 1 }));
            Continues("cached", load.PromptTokens, estimate, on.Speed(load with
            {
                PromptTokens = load.PromptTokens + 1, CachedPromptTokens = load.CachedPromptTokens + 1,
            }));
        }
    }

    // Formats of fewer bits that the GPU multiplies, and the same of another kind.
    private static Deployment? Fewer(Deployment on)
    {
        PeakRates rates = on.Gpu!.PeakRates;
        string? less = on.Weights.Name switch
        {
            "bf16" when rates.Fp8 is not null => "fp8",
            "fp8" when rates.Fp4 is not null => "nvfp4",
            _ => null,
        };
        return less is null || !on.Engine!.Supports(WeightFormat.Find(less), on.Keys) ? null
            : on with { Weights = WeightFormat.Find(less) };
    }

    private static PeakRates Times(PeakRates rates, double more) => rates with
    {
        Fp32 = rates.Fp32 * more, Bf16 = rates.Bf16 * more, Fp16 = rates.Fp16 * more, Fp8 = rates.Fp8 * more,
        Int8 = rates.Int8 * more, Fp4 = rates.Fp4 * more,
    };

    private Workload Drawn()
    {
        long prompt = (long)Math.Pow(2, 6 + (_random.NextDouble() * 8));
        return new(prompt, (long)Math.Pow(2, 6 + (_random.NextDouble() * 5)), 1 << _random.Next(8))
        {
            CachedPromptTokens = _random.Next(2) == 0 ? 0 : (long)(prompt * _random.NextDouble() * 0.9),
            Arrival = s_arrivals[_random.Next(s_arrivals.Length)],
        };
    }

    // Where more requests run at once, since there is room for them, throughput compares instead of the time between tokens.
    private void Compare(string change, in InferenceEstimate before, in InferenceEstimate after)
    {
        bool hasRoom = after.SteadyStateRequests > before.SteadyStateRequests;
        Note($"{change}: between tokens", hasRoom ? before.TokensPerSecond.Expected / after.TokensPerSecond.Expected
            : after.InterTokenLatency.Expected / before.InterTokenLatency.Expected, before, after);
        Note($"{change}: first token", after.TimeToFirstToken.Expected / before.TimeToFirstToken.Expected, before, after);
    }

    private void Continues(string length, long tokens, in InferenceEstimate before, in InferenceEstimate after)
    {
        // A token of so many may change a time by its share, and by that of a quadratic term.
        double most = 1 + (4.0 / tokens);
        Note($"a token more of the {length}: between tokens", Jump(before.InterTokenLatency, after.InterTokenLatency) / most,
            before, after);
        Note($"a token more of the {length}: first token", Jump(before.TimeToFirstToken, after.TimeToFirstToken) / most, before,
            after);
    }

    private static double Jump(TimeRange before, TimeRange after) =>
        Math.Exp(Math.Abs(Math.Log(after.Expected / before.Expected)));

    private void Note(string change, double ratio, in InferenceEstimate before, in InferenceEstimate after)
    {
        (int asked, int slower, double most, string at) = _found.GetValueOrDefault(change, (0, 0, 0, ""));
        if (ratio - 1 > Math.Max(most, Tolerance))
        {
            Deployment on = before.Deployment;
            (most, at) = (ratio - 1, $"{on.Model.Name} {on.Weights} {before.Gpu} {before.Engine} TP {on.Placement.Tensor} "
                + $"{At(before)}, then {At(after)}");
        }

        _found[change] = (asked + 1, slower + (ratio > 1 + Tolerance ? 1 : 0), most, at);
    }

    private static string At(in InferenceEstimate e) => string.Create(CultureInfo.InvariantCulture,
        $"{e.Workload.CachedPromptTokens}+{e.Workload.PromptTokens - e.Workload.CachedPromptTokens}+{e.Workload.OutputTokens} × "
        + $"{e.Workload.Requests} {e.Workload.Arrival?.ToString() ?? "loop"}, {e.SteadyStateRequests:0.#} run");
}
