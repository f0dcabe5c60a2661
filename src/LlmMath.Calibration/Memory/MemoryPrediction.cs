using LlmMath.Architectures;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>What the library gives for a measured figure of memory.</summary>
internal static class MemoryPrediction
{
    /// <summary>Bytes with the constants that the catalog ships.</summary>
    public static double Of(MemoryRow row) => Of(row, row.Engine);

    /// <summary>Bytes with other constants of the engine.</summary>
    public static double Of(MemoryRow row, Engine engine)
    {
        if (row.Quantity == Quantity.File)
        {
            return row.Model.WeightMemory(row.Weights).Bytes;
        }

        engine = AsItRan(row, engine);
        CacheFormat cache = row.Keys ?? (row.Weights == WeightFormat.Fp32 ? CacheFormat.Fp32 : CacheFormat.Fp16);
        var deployment = new Deployment(row.Model, null, engine, row.Weights)
        {
            Keys = cache,
            Values = row.Values ?? cache,
            Placement = new() { Tensor = row.Tensor, Pipeline = row.Pipeline },
        };
        long context = row.Context ?? 1, prompt = row.Prompt ?? context;
        var workload = new Workload(prompt, context - prompt, row.Batch) { ExtendsContext = true };
        MemoryEstimate e = deployment.Memory(workload);
        ByteSize onDevice() => (deployment with { Engine = OnCpu(engine) }).Memory(workload).Activations;
        return row.Quantity switch
        {
            Quantity.Total => e.Total.Bytes,
            Quantity.PerGpu => e.PerGpu.Bytes,
            Quantity.Weights => (double)(e.Weights + e.RotaryTable).Bytes / (row.Tensor * row.Pipeline),
            Quantity.Activation => e.Activations.Bytes,
            Quantity.ActivationGpu => (double)e.Activations.Bytes / row.Tensor,
            Quantity.Allocated => e.Total.Bytes - e.Runtime.Bytes,
            Quantity.DeviceBuffer => onDevice().Bytes,
            Quantity.HostBuffer => (double)e.Activations.Bytes - onDevice().Bytes,
            Quantity.Loaded => (e.Weights + e.Activations).Bytes,
            // vLLM profiles before it captures graphs, and its cache is what is left.
            Quantity.Profiled => ((double)(e.Weights + e.Activations + e.Runtime).Bytes / row.Tensor)
                - engine.Memory!.Reserve.Graphs.Expected.Bytes,
            Quantity.CacheToken => row.Model.KeyValueBytesPerToken(cache).Bytes,
            Quantity.CacheTokenGpu => (double)row.Model.KeyValueBytesPerToken(cache).Bytes / row.Tensor,
            Quantity.Cache => e.KeyValueCache.Bytes,
            _ => e.State.Bytes,
        };
    }

    /// <summary>Parameters × bytes × 1.2.</summary>
    public static double Naive(MemoryRow row) => 1.2 * row.Model.ParameterCount() * Bits(row.Weights) / 8
        / (row.Quantity == Quantity.Total ? 1 : row.Tensor * row.Pipeline);

    /// <summary>Parameters × bytes, and a fifth of it for each 2,048 tokens.</summary>
    public static double NaiveByContext(MemoryRow row) =>
        Naive(row) / 1.2 * (1 + (0.2 * row.Batch * (row.Context ?? 0) / 2048));

    /// <summary>|estimate ÷ measured − 1|.</summary>
    public static double Error(MemoryRow row, double estimate) => Math.Abs((estimate / row.Bytes) - 1);

    // Its settings in this run, as far as the row states them.
    private static Engine AsItRan(MemoryRow row, Engine engine)
    {
        engine = row.Gpu is { } gpu ? engine.On(gpu) : row.IsOnCpu ? OnCpu(engine) : engine;
        engine = row.PassTokens is { } pass ? engine.WithPass(pass) : engine;
        BufferPolicy buffers = engine.Memory!.Buffers;
        return engine with
        {
            Pass = engine.Pass with { FixedLogitRows = row.Sequences ?? engine.Pass.FixedLogitRows },
            Cache = engine.Cache with { Windows = row.HasWindows ? engine.Cache.Windows : WindowUse.None },
            Memory = engine.Memory with
            {
                Buffers = buffers with
                {
                    ScoreBytes = row.ScoreBytes ?? buffers.ScoreBytes,
                    MaskBytes = row.ScoreBytes is null ? buffers.MaskBytes : Math.Min(4, buffers.MaskBytes),
                },
            },
        };
    }

    // Everything in one buffer, and no CUDA context.
    private static Engine OnCpu(Engine engine) => engine with
    {
        Load = engine.Load with { KeepsInputsOnHost = false },
        Memory = engine.Memory! with { Reserve = engine.Memory.Reserve with { Runtime = default } },
    };

    // As people do it: q4_k_m is taken as 4 bits, bf16-mixed as 16.
    private static double Bits(WeightFormat format) => format.ElementBits is { } bits ? bits
        : double.Parse([.. format.Name.SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit)], null);
}
