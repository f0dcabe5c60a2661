using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>A constant of an engine's memory that measurements tell.</summary>
/// <param name="Name">Its name in <c>catalog/engines</c>.</param>
/// <param name="Center">What is expected of an engine before any row is seen: the same for all.</param>
/// <param name="Get">Reads it.</param>
/// <param name="With">Sets it.</param>
internal sealed record MemoryConstant(
    string Name, double Center, Func<EngineMemory, double> Get, Func<EngineMemory, double, EngineMemory> With)
{
    private const double Mebibyte = 1 << 20;

    /// <summary>All that a file of an engine holds beyond ranges that were read off logs.</summary>
    public static ValueList<MemoryConstant> All { get; } =
    [
        new("logit_bytes", 6, m => m.Buffers.LogitBytes, (m, v) => m with { Buffers = m.Buffers with { LogitBytes = v } }),
        new("hidden_bytes", 8, m => m.Buffers.HiddenBytes, (m, v) => m with { Buffers = m.Buffers with { HiddenBytes = v } }),
        new("intermediate_bytes", 4, m => m.Buffers.IntermediateBytes,
            (m, v) => m with { Buffers = m.Buffers with { IntermediateBytes = v } }),
        new("expert_bytes", 8, m => m.Buffers.ExpertBytes, (m, v) => m with { Buffers = m.Buffers with { ExpertBytes = v } }),
        new("score_bytes", 4, m => m.Buffers.ScoreBytes, (m, v) => m with { Buffers = m.Buffers with { ScoreBytes = v } }),
        new("runtime_mib", 500, m => m.Reserve.Runtime.Expected.Bytes / Mebibyte, (m, v) => m with
        {
            Reserve = m.Reserve with { Runtime = m.Reserve.Runtime with { Expected = new((long)(v * Mebibyte)) } },
        }),
    ];

    /// <summary>Those that may be fitted for an engine: what it has at all. llama.cpp's buffers were read in its sources, and
    /// vLLM's runtime is a range that its logs print.</summary>
    public static ValueList<MemoryConstant> FreeOf(Engine engine) =>
    [
        .. All.Where(constant => engine.Memory is { IsMeasured: true } memory && constant.Get(memory) > 0
            && engine.Name != "llama.cpp" && (engine.Name != "vllm" || constant.Name == "logit_bytes")),
    ];
}
