using LlmMath.Interchange.Json;

namespace LlmMath.Engines.Json;

/// <summary>Reads the memory section of an engine's file.</summary>
internal static class EngineMemoryJson
{
    public static EngineMemory Read(JsonFields fields)
    {
        var memory = new EngineMemory
        {
            Reserve = fields.Fields("reserve") is { } reserve ? Reserve(reserve) : new(),
            Buffers = Buffers(fields.Fields("buffers")
                ?? throw fields.Missing("buffers", "an object with bytes of a token and element")),
            IsMeasured = fields.Flag("is_measured") ?? true,
            Spread = EngineJson.Spread(fields.Fields("spread")
                ?? throw fields.Missing("spread", "an object with low and high")),
            Sources = fields.Texts("sources"),
        };
        fields.RejectOthers();
        return memory.Sources.Count == 0 ? throw fields.Missing("sources", "a list of where the figures come from") : memory;
    }

    private static ReservePolicy Reserve(JsonFields fields)
    {
        var reserve = new ReservePolicy
        {
            Runtime = EngineJson.Mebibytes(fields, "runtime_mib") ?? default,
            Communication = EngineJson.Mebibytes(fields, "communication_mib") ?? default,
            Graphs = EngineJson.Mebibytes(fields, "graphs_mib") ?? default,
        };
        fields.RejectOthers();
        return reserve;
    }

    private static BufferPolicy Buffers(JsonFields fields)
    {
        var buffers = new BufferPolicy
        {
            LogitBytes = fields.NotNegative("logit_bytes") ?? 0,
            HiddenBytes = fields.NotNegative("hidden_bytes") ?? 0,
            LogitHiddenBytes = fields.NotNegative("logit_hidden_bytes"),
            IntermediateBytes = fields.NotNegative("intermediate_bytes") ?? 0,
            ExpertBytes = fields.NotNegative("expert_bytes") ?? 0,
            ScoreBytes = fields.NotNegative("score_bytes") ?? 0,
            MaskBytes = fields.NotNegative("mask_bytes") ?? 0,
            TabulatesRotary = fields.Flag("tabulates_rotary") ?? false,
        };
        fields.RejectOthers();
        return buffers;
    }
}
