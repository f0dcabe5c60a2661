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
    /// <summary>
    /// max(attention, feed-forward, logits, loading) + copies on one GPU, with t tokens a pass, of which each attends to c:
    /// attention = t × h × hidden + m × t × c + s × heads ÷ TP × t × c,
    /// feed-forward = t × h × hidden + m × t × c + t × (i × widest intermediate + e × active experts' intermediate) ÷ TP,
    /// logits = t × h′ × hidden + rows × vocabulary × l,
    /// loading = the projections held twice while they are fused, and one layer's experts twice more while they are stacked,
    /// copies = dequantized copies of matrices, the largest matrix that lies in system memory, and where a pipeline overlaps
    /// passes further copies of its inputs.
    /// h, h′, i, e, s, m and l are the engine's bytes an element. A model of what is alive at once, not of an allocator.
    /// </summary>
    public static long Peak(PlacedModel on, in Stage stage, in SequenceLoad load, int batch)
    {
        if (on.Engine is not { Memory.Buffers: { } buffers } engine)
        {
            return 0;
        }

        Architecture a = on.Architecture;
        (double tokens, double attended) = Pass(engine, load, batch);
        (long heads, long intermediate, long expert) = on.Whole.Widest;
        Shard shard = stage.Shard;
        double degree = shard.TensorDegree;
        double layer = tokens * ((buffers.HiddenBytes * a.HiddenSize) + (buffers.MaskBytes * attended));
        double attention = buffers.ScoreBytes * heads / degree * tokens * attended;
        double feedForward = tokens * ((buffers.IntermediateBytes * intermediate) + (buffers.ExpertBytes * expert)) / degree;
        double logits = shard.HasOutputs
            ? (tokens * (buffers.LogitHiddenBytes ?? buffers.HiddenBytes) * a.HiddenSize)
                + (Rows(engine.Pass, tokens, batch) * a.VocabularySize * buffers.LogitBytes)
            : 0;
        double loading = stage.Projections + (2 * stage.StackedExperts);
        double inputs = on.Stages.Length > 1
            ? (engine.Pass.InputCopies - 1) * tokens * ((4 * a.HiddenSize) + (4 * attended))
            : 0;
        double peak = Math.Max(Math.Max(layer + Math.Max(attention, feedForward), logits), loading);
        return checked((long)(peak + inputs + Copies(on, engine.Load, shard)) + on.Copied);
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

    private static long Copies(PlacedModel on, LoadPolicy load, in Shard shard)
    {
        if ((load.HeadCopies == 0 && load.MatrixCopies == 0) || on.Of.Weights is not LinearWeights)
        {
            return 0;
        }

        long largest = on.Whole.LargestMatrix;
        long head = shard.HasOutputs ? on.Architecture.VocabularySize * on.Architecture.HiddenSize : 0;
        return checked(2 * ((load.MatrixCopies * largest / shard.TensorDegree)
            + (load.HeadCopies * head / (shard.HasWholeVocabulary ? 1 : shard.TensorDegree))));
    }
}
