namespace LlmMath.Memory;

/// <summary>The peak of an engine's activations while it reads prompts.</summary>
internal static class Activation
{
    /// <summary>
    /// max(layer, logits, loading) with, for t tokens a pass:
    /// layer = t × (h × hidden + i × widest intermediate ÷ TP) + s × heads ÷ TP × t × context,
    /// logits = rows × vocabulary × bytes + t × h × hidden,
    /// loading = the projections held twice while they are fused;
    /// and beside it the mask, m × t × context, and the dequantized copies of matrices. h, i and s are the engine's bytes an
    /// element. A model of what is alive at once,
    /// not of an allocator.
    /// </summary>
    public static long Peak(Architecture a, EngineMemory engine, in InferenceSetup setup, in Shard shard, int batch)
    {
        double prompts = (double)batch * (setup.PromptTokens ?? setup.Context);
        double tokens = engine.PassTokens is { } most ? Math.Min(most, prompts) : prompts;
        (long heads, long intermediate) = Widest(a);
        double residual = tokens * engine.HiddenBytes * a.HiddenSize;
        double layer = residual + (tokens * engine.IntermediateBytes * intermediate / shard.TensorDegree)
            + (engine.ScoreBytes * heads / shard.TensorDegree * tokens * setup.Context);
        double logits = shard.HasOutputs ? residual + (Rows(engine, tokens, batch) * a.VocabularySize * engine.LogitBytes) : 0;
        double mask = engine.MaskBytes * tokens * setup.Context;
        double loading = engine.FusesProjections ? SeparateProjections(a, setup.Weights, shard) : 0;
        double peak = mask + Math.Max(Math.Max(layer, logits), loading);
        return checked((long)(peak + Copies(a, engine, setup.Weights, shard)));
    }

    private static double Rows(EngineMemory engine, double tokens, int batch) => engine.LogitRows switch
    {
        LogitRows.EachToken => tokens,
        LogitRows.Fixed => engine.FixedLogitRows,
        _ => batch,
    };

    private static (long Heads, long Intermediate) Widest(Architecture a)
    {
        long heads = 0, intermediate = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                heads = Math.Max(heads, mixer.Cache.Heads > 0 ? mixer.ParallelHeads : 0);
            }

            foreach (FeedForward feedForward in block.FeedForwards)
            {
                intermediate = Math.Max(intermediate, feedForward.IntermediateElements);
            }
        }

        return (heads, intermediate);
    }

    private static long Copies(Architecture a, EngineMemory engine, WeightFormat weights, in Shard shard)
    {
        if ((engine.HeadCopies == 0 && engine.MatrixCopies == 0) || weights is not LinearWeights)
        {
            return 0;
        }

        long largest = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (Tensor tensor in block.Tensors)
            {
                largest = MatrixKinds.Of(tensor).IsLinear() ? Math.Max(largest, tensor.Shape.Elements) : largest;
            }
        }

        long head = shard.HasOutputs ? checked(a.VocabularySize * a.HiddenSize) : 0;
        return checked(2 * ((engine.MatrixCopies * largest / shard.TensorDegree)
            + (engine.HeadCopies * head / (shard.HasWholeVocabulary ? 1 : shard.TensorDegree))));
    }

    private static long SeparateProjections(Architecture a, WeightFormat weights, in Shard shard)
    {
        long sum = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (Tensor tensor in block.Tensors)
            {
                MatrixKind kind = MatrixKinds.Of(tensor);
                if (kind is MatrixKind.Query or MatrixKind.Key or MatrixKind.Value)
                {
                    long bytes = weights.Encode(tensor, kind, new(a, 1, 0, default)).Bytes(tensor);
                    sum = checked(sum + (shard.LayersOf(block) * bytes / shard.TensorDegree));
                }
            }
        }

        return sum;
    }
}
