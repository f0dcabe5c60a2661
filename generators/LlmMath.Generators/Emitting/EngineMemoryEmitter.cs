using LlmMath.Engines;

namespace LlmMath.Generators;

/// <summary>The memory section of an engine as C#.</summary>
internal static class EngineMemoryEmitter
{
    public static string Expression(EngineMemory memory)
    {
        var settings = new Settings();
        settings.Set("Reserve", Reserve(memory.Reserve));
        settings.Set("Buffers", Buffers(memory.Buffers));
        settings.Set("IsMeasured", Literal.Of(memory.IsMeasured));
        settings.Set("Spread", EngineSpeedEmitter.Of(memory.Spread));
        settings.Texts("Sources", memory.Sources);
        return settings.New<EngineMemory>();
    }

    private static string Reserve(ReservePolicy reserve)
    {
        var settings = new Settings();
        settings.Set("Runtime", EngineEmitter.Range(reserve.Runtime));
        settings.Set("Communication", EngineEmitter.Range(reserve.Communication));
        settings.Set("Graphs", EngineEmitter.Range(reserve.Graphs));
        return settings.New<ReservePolicy>();
    }

    private static string Buffers(BufferPolicy buffers)
    {
        var settings = new Settings();
        settings.Set("LogitBytes", Literal.Of(buffers.LogitBytes));
        settings.Set("HiddenBytes", Literal.Of(buffers.HiddenBytes));
        settings.Set("LogitHiddenBytes", buffers.LogitHiddenBytes is { } bytes ? Literal.Of(bytes) : null);
        settings.Set("IntermediateBytes", Literal.Of(buffers.IntermediateBytes));
        settings.Set("ExpertBytes", Literal.Of(buffers.ExpertBytes));
        settings.Set("ScoreBytes", Literal.Of(buffers.ScoreBytes));
        settings.Set("MaskBytes", Literal.Of(buffers.MaskBytes));
        settings.Flag("TabulatesRotary", buffers.TabulatesRotary);
        return settings.New<BufferPolicy>();
    }
}
