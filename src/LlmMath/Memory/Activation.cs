using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Formats;
using LlmMath.Memory.Cache;
using LlmMath.Memory.Placement;
using LlmMath.Memory.Weights;

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
    /// copies = dequantized copies of matrices, and where a pipeline overlaps passes further copies of its inputs.
    /// h, h′, i, e, s, m and l are the engine's bytes an element. A model of what is alive at once, not of an allocator.
    /// </summary>
    public static long Peak(Architecture a, Engine engine, in InferenceSetup setup, in Shard shard, int batch)
    {
        if (engine.Memory?.Buffers is not { } buffers)
        {
            return 0;
        }

        (double tokens, double attended) = Pass(engine, setup, batch);
        (long heads, long intermediate, long expert) = Widest(a);
        double degree = shard.TensorDegree;
        double layer = tokens * ((buffers.HiddenBytes * a.HiddenSize) + (buffers.MaskBytes * attended));
        double attention = buffers.ScoreBytes * heads / degree * tokens * attended;
        double feedForward = tokens * ((buffers.IntermediateBytes * intermediate) + (buffers.ExpertBytes * expert)) / degree;
        double logits = shard.HasOutputs
            ? (tokens * (buffers.LogitHiddenBytes ?? buffers.HiddenBytes) * a.HiddenSize)
                + (Rows(engine.Pass, tokens, batch) * a.VocabularySize * buffers.LogitBytes)
            : 0;
        double loading = Loading(a, engine.Load, setup.Weights, shard);
        double inputs = setup.Parallelism.Pipeline > 1
            ? (engine.Pass.InputCopies - 1) * tokens * ((4 * a.HiddenSize) + (4 * attended))
            : 0;
        double peak = Math.Max(Math.Max(layer + Math.Max(attention, feedForward), logits), loading);
        return checked((long)(peak + inputs + Copies(a, engine.Load, setup.Weights, shard)));
    }

    /// <summary>What a pass takes in system memory where the engine makes its inputs there: t × (4 × hidden + 4 × c), and as much
    /// again of a window's tokens for a second mask where some layers have one.</summary>
    public static long Host(Architecture a, Engine engine, in InferenceSetup setup, int batch)
    {
        if (!engine.Load.KeepsInputsOnHost)
        {
            return 0;
        }

        (double tokens, double attended) = Pass(engine, setup, batch);
        var layout = CacheLayout.Of(engine, setup.Keys, setup.Values);
        long window = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                window = layout.Limit(mixer.Cache) is not null
                    ? Math.Max(window, layout.Tokens(mixer.Cache, setup.Context, setup.EncoderTokens))
                    : window;
            }
        }

        return checked((long)(4 * tokens * (a.HiddenSize + attended + window)));
    }

    private static (double Tokens, double Attended) Pass(Engine engine, in InferenceSetup setup, int batch)
    {
        long prompt = engine.Pass.ReservesWholeContext ? setup.Context : setup.PromptTokens ?? setup.Context;
        double prompts = (double)batch * prompt;
        return (engine.Pass.Tokens is { } most ? Math.Min(most, prompts) : prompts, prompt);
    }

    private static double Rows(PassPolicy pass, double tokens, int batch) => pass.LogitRows switch
    {
        LogitRows.EachToken => tokens,
        LogitRows.Fixed => pass.FixedLogitRows,
        _ => batch,
    };

    private static (long Heads, long Intermediate, long Expert) Widest(Architecture a) => WholeModel.Of(a).Widest;

    /// <summary>The most heads that attend, elements between the matrices of a feed-forward part, and of one with
    /// experts.</summary>
    internal static (long Heads, long Intermediate, long Expert) FindWidest(Architecture a)
    {
        long heads = 0, intermediate = 0, expert = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                heads = Math.Max(heads, mixer.Cache.Heads > 0 ? mixer.ParallelHeads : 0);
            }

            foreach (FeedForward feedForward in block.FeedForwards)
            {
                intermediate = Math.Max(intermediate, feedForward.IntermediateElements);
                expert = Math.Max(expert, feedForward.ExpertElements);
            }
        }

        return (heads, intermediate, expert);
    }

    /// <summary>Elements of the largest linear layer.</summary>
    internal static long FindLargestMatrix(Architecture a)
    {
        long largest = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (Tensor tensor in block.Tensors)
            {
                largest = tensor.Kind.IsLinear() ? Math.Max(largest, tensor.Shape.Elements) : largest;
            }
        }

        return largest;
    }

    private static long Copies(Architecture a, LoadPolicy load, WeightFormat weights, in Shard shard)
    {
        if ((load.HeadCopies == 0 && load.MatrixCopies == 0) || weights is not LinearWeights)
        {
            return 0;
        }

        long largest = WholeModel.Of(a).LargestMatrix;
        long head = shard.HasOutputs ? checked(a.VocabularySize * a.HiddenSize) : 0;
        return checked(2 * ((load.MatrixCopies * largest / shard.TensorDegree)
            + (load.HeadCopies * head / (shard.HasWholeVocabulary ? 1 : shard.TensorDegree))));
    }

    private static long Loading(Architecture a, LoadPolicy load, WeightFormat weights, in Shard shard)
    {
        if (!load.FusesProjections)
        {
            return 0;
        }

        long sum = 0, experts = 0;
        foreach (Block block in a.Blocks)
        {
            long stacked = 0, held = shard.LayersOf(block);
            foreach (Tensor tensor in block.Tensors)
            {
                if (held == 0 && tensor.Role != TensorRole.Expert)
                {
                    continue;
                }

                MatrixKind kind = tensor.Kind;
                bool projects = kind is MatrixKind.Query or MatrixKind.Key or MatrixKind.Value;
                if (projects || (tensor.Role == TensorRole.Expert && kind == MatrixKind.Up))
                {
                    long bytes = weights.Encode(QuantizerPlaces.Of(tensor, 1, 0, default)).SizeOf(tensor.Matrices);
                    sum = projects ? checked(sum + (held * bytes / shard.TensorDegree)) : sum;
                    stacked = checked(stacked + (projects ? 0 : bytes));
                }
            }

            experts = Math.Max(experts, stacked);
        }

        return checked(sum + (2 * experts));
    }
}
