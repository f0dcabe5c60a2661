using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Adapters;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;

namespace LlmMath.Training.Memory;

/// <summary>The fold from the tensors that a GPU holds to the state of a run.</summary>
internal static class StateFold
{
    /// <summary>The state where all parameters are trained. Experts are shared out among the replicas that hold the same
    /// ones.</summary>
    public static TrainingStates OfAll(PlacedRun run, HeldTensors held, Shard shard)
    {
        long dense = ScoreElements(run, shard), experts = 0, expertMoments = 0;
        long denseMoments = run.Run.Optimizer.Bytes(dense, run.Recipe.MomentBytes);
        foreach (HeldTensor one in held)
        {
            long moments = run.Run.Optimizer.Bytes(one.Tensor, one.Elements, run.Recipe.MomentBytes);
            if (one.IsExpert)
            {
                (experts, expertMoments) = checked((experts + one.Elements, expertMoments + moments));
            }
            else
            {
                (dense, denseMoments) = checked((dense + one.Elements, denseMoments + moments));
            }
        }

        Parallelism over = run.On.Placement;
        return TrainingStates.Of(dense, denseMoments, run.Recipe, over.Sharding, over.ShardingDegree)
            .Plus(TrainingStates.Of(experts, expertMoments, run.Recipe, over.Sharding, ExpertReplicas(over)));
    }

    /// <summary>The state of an adapter: parameters, gradients and moments in its own format, without further copies; of modules
    /// that are trained whole in the model's. Source: huggingface/peft@5d602fdbf, src/peft/utils/other.py,
    /// <c>ModulesToSaveWrapper</c> (a copy), and src/peft/tuners/tuners_utils.py, <c>cast_adapter_dtype</c> (adapters alone).
    /// </summary>
    public static TrainingStates OfAdapter(PlacedRun run, Shard shard)
    {
        int bytes = run.Trainer.AdapterBytes;
        long elements = ScoreElements(run, shard), parameters = elements * bytes;
        long moments = run.Run.Optimizer.Bytes(elements, bytes);
        foreach (AdaptedTensor adapted in run.Adapted!)
        {
            elements = Elements(adapted, shard);
            int each = BytesOf(run, adapted);
            parameters = checked(parameters + (elements * each));
            moments = checked(moments + run.Run.Optimizer.Bytes(elements, each));
        }

        Parallelism over = run.On.Placement;
        long Share(long of, Sharding from) => over.Sharding >= from
            ? (of + over.ShardingDegree - 1) / over.ShardingDegree : of;
        return checked(new(new(Share(parameters, Sharding.Zero3)), new(Share(parameters, Sharding.Zero2)),
            default, new(Share(moments, Sharding.Zero1))));
    }

    /// <summary>Parameters on one GPU that are trained whole beside an adapter, in a format of their own.</summary>
    public static long Saved(PlacedRun run, Shard shard)
    {
        long sum = 0;
        foreach (AdaptedTensor adapted in run.Adapted ?? [])
        {
            sum = checked(sum + (BytesOf(run, adapted) < run.Trainer.AdapterBytes ? Elements(adapted, shard) : 0));
        }

        return sum;
    }

    private static int BytesOf(PlacedRun run, in AdaptedTensor adapted) =>
        adapted.Rank == 0 ? Math.Min(run.Trainer.AdapterBytes, run.Rules.Bytes) : run.Trainer.AdapterBytes;

    /// <summary>Parameters that are trained on one GPU.</summary>
    public static long Trained(PlacedRun run, HeldTensors held, Shard shard) => ScoreElements(run, shard)
        + (run.Adapted is { } adapted ? Elements(adapted, shard) : Elements(held));

    /// <summary>Parameters of the row that scores in place of a vocabulary: one each of the residual stream, without a bias,
    /// trained with an adapter too. Source: huggingface/trl@f2cd57710, trl/trainer/reward_trainer.py, <c>num_labels</c>;
    /// huggingface/peft@b28a09c44, src/peft/peft_model.py, <c>PeftModelForSequenceClassification</c>.</summary>
    public static long ScoreElements(PlacedRun run, Shard shard) =>
        run.Shape.Scores && shard.HasOutputs ? run.Architecture.HiddenSize : 0;

    /// <summary>Bytes of frozen weights on one GPU: as the format stores them, what is not quantized in float32 where the trainer
    /// has it so; divided by ZeRO 3.</summary>
    public static long Frozen(PlacedRun run, HeldTensors held, Shard shard)
    {
        WeightFormat format = run.On.Weights;
        long bytes = WeightFold.Sum(run.Architecture, format, shard);
        if (run.Shape.Scores && shard.HasOutputs)
        {
            foreach (Tensor output in run.Architecture.Outputs)
            {
                bytes -= output is { Role: TensorRole.Head, TiedTo: null } ? 2 * output.Elements / shard.TensorDegree : 0;
            }
        }

        if (run.Trainer.UpcastsFrozen && PlacedRun.IsFlat(format))
        {
            QuantizerFacts facts = QuantizerPlaces.FactsOf(run.Architecture);
            foreach (HeldTensor one in held)
            {
                int layer = one.Block?.Layers[0] ?? 0;
                TensorEncoding encoding = format.Encode(QuantizerPlaces.Of(one.Tensor, layer, 0, facts));
                bytes = checked(bytes + (encoding is { BlockElements: 1, BlockBits: 16 } ? 2 * one.Elements : 0));
            }
        }

        int degree = run.On.Placement.ShardingDegree;
        return run.On.Placement.Sharding == Sharding.Zero3 ? (bytes + degree - 1) / degree : bytes;
    }

    /// <summary>Bytes of copies of the matrices in fewer bits that a pass makes.</summary>
    public static long Copies(PlacedRun run, HeldTensors held)
    {
        long sum = 0;
        if (run.Adapted is null && run.Recipe.CopyBytes > 0)
        {
            foreach (HeldTensor one in held)
            {
                bool isMatrix = one.Tensor.Kind.IsLinear() || one.Tensor.Kind == MatrixKind.Head;
                sum = checked(sum + (isMatrix ? run.Recipe.CopyBytes * one.Elements : 0));
            }
        }

        return sum;
    }

    /// <summary>Bytes of parameters, and of gradients, of the largest layer, or of what stands before or after them: what ZeRO 3
    /// gathers at once.</summary>
    public static (long Parameters, long Gradients) LargestLayer(PlacedRun run, HeldTensors held)
    {
        double largest = 0, layer = 0;
        Block? last = null;
        foreach (HeldTensor one in held)
        {
            layer = one.Block is not null && ReferenceEquals(one.Block, last) ? layer : 0;
            layer += (double)one.Elements / one.Layers;
            (largest, last) = (Math.Max(largest, layer), one.Block);
        }

        double bits = run.Adapted is null ? 8.0 * run.Recipe.ActivationBytes : run.On.Weights.ElementBits ?? 16;
        return ((long)(largest * bits / 8), run.Adapted is null ? (long)(largest * run.Recipe.GradientBytes) : 0);
    }

    private static long Elements(HeldTensors held)
    {
        long sum = 0;
        foreach (HeldTensor one in held)
        {
            sum = checked(sum + one.Elements);
        }

        return sum;
    }

    private static long Elements(List<AdaptedTensor> adapted, Shard shard)
    {
        long sum = 0;
        foreach (AdaptedTensor one in adapted)
        {
            sum = checked(sum + Elements(one, shard));
        }

        return sum;
    }

    // Pairs are divided where the matrix is: the half that meets its divided side.
    private static long Elements(in AdaptedTensor adapted, Shard shard)
    {
        Tensor tensor = adapted.Tensor;
        int held = adapted.Block is { } block ? shard.LayersOf(block)
            : tensor.Role is TensorRole.Head ? (shard.HasOutputs ? 1 : 0) : shard.Inputs != InputTensors.None ? 1 : 0;
        long all = adapted.Block is { } of ? (long)((Int128)adapted.Parameters * held / of.Layers.Count)
            : held * adapted.Parameters;
        int degree = tensor.Role == TensorRole.Expert ? shard.ExpertDegree : shard.TensorDegree;
        if (degree == 1 || tensor.Role == TensorRole.Expert || adapted.Rank == 0)
        {
            return (all + degree - 1) / degree;
        }

        (_, long outputs, long inputs) = tensor.Matrices;
        bool byInputs = tensor.Kind is MatrixKind.Down or MatrixKind.AttentionOutput;
        long divided = byInputs ? inputs : outputs, whole = byInputs ? outputs : inputs;
        return (long)Math.Ceiling(all * (((double)divided / degree) + whole) / (divided + whole));
    }

    private static int ExpertReplicas(Parallelism over) =>
        Math.Max(1, over.ShardingDegree * over.Tensor / Math.Max(over.Tensor, over.ExpertDegree));
}
