using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Formats;
using LlmMath.Placement;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;

namespace LlmMath.Memory;

/// <summary>The peak of an engine's activations while it reads prompts.</summary>
internal static class Activation
{
    /// <summary>On one GPU of a stage, in bytes: <see cref="ActivationPeak"/>.</summary>
    public static long Peak(PlacedModel on, in Stage stage, in SequenceLoad load, int batch) =>
        on.Engine is { Memory.Buffers: not null } ? Of(on, stage, load, batch).Bytes : 0;

    /// <summary>The same with its terms, where the engine states its buffers.</summary>
    public static ActivationPeak Of(PlacedModel on, in Stage stage, in SequenceLoad load, int batch)
    {
        Engine engine = on.Engine!;
        (double tokens, double attended) = Pass(engine, load, batch);
        return new(on, stage, engine.Memory!.Buffers!, tokens, attended, Rows(engine.Pass, tokens, batch),
            on.Stages.Length > 1 ? engine.Pass.InputCopies : 1);
    }

    /// <summary>What a pass takes in system memory where the engine makes its inputs there: t × (4 × hidden + 4 × c), and as much
    /// again of a window's tokens for a second mask where some layers have one.</summary>
    public static long Host(PlacedModel on, in SequenceLoad load, int batch)
    {
        if (on.Engine is not { Load.KeepsInputsOnHost: true } engine)
        {
            return 0;
        }

        Architecture a = on.Architecture;
        (double tokens, double attended) = Pass(engine, load, batch);
        CacheLayout layout = on.Layout;
        long window = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                window = layout.Limit(mixer.Cache) is not null
                    ? Math.Max(window, layout.Tokens(mixer.Cache, load.Context, load.EncoderTokens))
                    : window;
            }
        }

        return checked((long)(4 * tokens * (a.HiddenSize + attended + window)));
    }

    private static (double Tokens, double Attended) Pass(Engine engine, in SequenceLoad load, int batch)
    {
        long prompt = engine.Pass.ReservesWholeContext ? load.Context : load.Prompt;
        double prompts = (double)batch * prompt;
        return (engine.Pass.Tokens is { } most ? Math.Min(most, prompts) : prompts, prompt);
    }

    private static double Rows(PassPolicy pass, double tokens, int batch) => pass.LogitRows switch
    {
        LogitRows.EachToken => tokens,
        LogitRows.Fixed => pass.FixedLogitRows,
        _ => batch,
    };
}
