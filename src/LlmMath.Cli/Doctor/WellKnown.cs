namespace LlmMath.Cli.Doctor;

/// <summary>How a well-known model runs on this machine.</summary>
/// <param name="Model">The model.</param>
/// <param name="Weights">The format that people download.</param>
/// <param name="Estimate">Its speed with llama.cpp; null where none is reckoned.</param>
/// <param name="Fits">Whether it fits, part of it in system memory where the GPU is too small.</param>
/// <param name="Problem">Why there is no estimate.</param>
internal sealed record ModelHere(
    ModelDefinition Model, WeightFormat Weights, InferenceEstimate? Estimate, bool Fits, string? Problem)
{
    /// <summary>Tokens a second that are about as fast as one reads, and seconds that one waits for an answer.</summary>
    public const double LeastRate = 10, MostSeconds = 10;

    /// <summary>Tokens of the question and of the answer.</summary>
    public const int Prompt = 1024, Output = 256;

    /// <summary>Whether it fits, writes as fast as one reads, and begins soon.</summary>
    public bool IsWell => Fits && Estimate is { } e && e.TokensPerSecondPerUser.Expected >= LeastRate
        && e.TimeToFirstToken.Expected.TotalSeconds <= MostSeconds;
}

/// <summary>Ten models that people run at home, from the least to the largest.</summary>
internal static class WellKnown
{
    // What the system and other programs keep of memory.
    private const double UsableShare = 0.8;

    private static readonly (string Model, string Weights)[] s_models =
    [
        ("llama-3.2-1b", "q4_k_m"), ("llama-3.2-3b", "q4_k_m"), ("gemma-3-4b-it", "q4_k_m"), ("llama-3.1-8b", "q4_k_m"),
        ("qwen3-14b", "q4_k_m"), ("gpt-oss-20b", "mxfp4_moe"), ("qwen3-30b-a3b", "q4_k_m"), ("qwen3-32b", "q4_k_m"),
        ("llama-3.3-70b-instruct", "q4_k_m"), ("gpt-oss-120b", "mxfp4_moe"),
    ];

    /// <summary>Each of them on this machine.</summary>
    public static IReadOnlyList<ModelHere> On(Machine machine) => [.. s_models.Select(known =>
        On(machine, ModelCatalog.Find(known.Model), WeightFormat.Find(known.Weights)))];

    /// <summary>What they are reckoned on: the GPU of most memory that is known, else the processor; null where neither
    /// is.</summary>
    public static Gpu? Device(Machine machine) => machine.Gpus.Where(gpu => gpu.Entry is { BytesPerSecond: not null }
            && (gpu.Entry.Memory is not null || gpu.Seen.MemoryBytes is not null))
        .Select(gpu => Sized(gpu, machine)).OrderByDescending(gpu => gpu.Memory!.Value.Bytes).FirstOrDefault()
        ?? Processor(machine);

    private static ModelHere On(Machine machine, ModelDefinition model, WeightFormat weights)
    {
        if (Device(machine) is not { } device)
        {
            return new(model, weights, null, false, "neither a GPU nor the processor is known");
        }

        var workload = new Workload(ModelHere.Prompt, ModelHere.Output);
        var deployment = new Deployment(model, device, EngineCatalog.LlamaCpp, weights)
        {
            Tensors = device.IsProcessor ? Architectures.TensorPlacement.Host : null,
            Node = new() { Host = Processor(machine), HostBytesPerSecond = machine.Measured?.Gpu.BytesPerSecond },
        };
        try
        {
            Deployment fitting = device.IsProcessor ? deployment : deployment.Fitting(workload);
            MemoryEstimate memory = fitting.Memory(workload);
            double room = UsableShare * machine.MemoryBytes;
            bool fits = device.IsProcessor || device.HasUnifiedMemory ? memory.Total.Bytes <= room
                : memory.Fit is { Fits: true } && memory.Host.Bytes <= room;
            return new(model, weights, fitting.Speed(workload), fits, null);
        }
        catch (ArgumentException problem)
        {
            return new(model, weights, null, false, problem.Message);
        }
    }

    // The processor as the catalog has it; else its cores, and its memory as it was measured.
    private static Gpu? Processor(Machine machine) => machine.Processor is { } known
        ? known with { Memory = new(machine.MemoryBytes) }
        : machine.Measured is { } measured
            ? measured.Gpu with
            {
                IsProcessor = true, Memory = new(machine.MemoryBytes), PeakRates = new() { Fp32 = machine.Operations },
            }
            : null;

    // A chip that shares the system's memory has as much as there is; others what the driver tells, where it tells it.
    private static Gpu Sized(FoundGpu gpu, Machine machine) => gpu.Entry!.HasUnifiedMemory
        ? gpu.Entry with { Memory = new(machine.MemoryBytes), UsableMemory = null } : gpu.Entry;
}
