namespace LlmMath.Memory;

/// <summary>Puts an estimate together: stage by stage of a pipeline, what one GPU of each holds.</summary>
internal static class InferenceFold
{
    public static MemoryEstimate Sum(ModelDefinition model, in InferenceSetup setup)
    {
        Architecture a = model.Architecture;
        Parallelism over = setup.Parallelism;
        int layers = a.LayerCount, batch = (setup.Batch + over.Data - 1) / over.Data;
        int copies = checked(over.Tensor * over.Data);
        ByteRange runtime = Runtime(setup.Engine, over.Gpus);
        long additions = Additions(setup.Additions, over.Tensor * over.Pipeline);
        long weights = 0, cache = 0, activations = 0, largest = 0;
        for (int stage = 0; stage < over.Pipeline; stage++)
        {
            Shard shard = over.Gpus == 1 ? Shard.Whole : Shard.Stage(layers, over, stage) with
            {
                HasWholeVocabulary = setup.Engine is { ReplicatesVocabulary: true },
            };
            shard = setup.Engine is { KeepsEndsTogether: true }
                ? shard with { HasInputs = stage == 0, HasOutputs = stage == 0 }
                : shard;
            GpuPart part = Part(a, setup, shard, batch);
            checked
            {
                weights += copies * part.Weights;
                cache += copies * part.Cache;
                activations += copies * part.Activations;
                largest = Math.Max(largest, part.Weights + part.Cache + part.Activations);
            }
        }

        return new(model, setup)
        {
            Weights = new(weights),
            KeyValueCache = new(cache),
            Activations = new(activations),
            Runtime = new(checked(over.Gpus * runtime.Expected.Bytes)),
            Additions = new(checked(over.Gpus * additions)),
            PerGpu = new(checked(largest + runtime.Expected.Bytes + additions)),
        };
    }

    /// <summary>What one GPU holds, its runtime left out.</summary>
    public static GpuPart Part(Architecture a, in InferenceSetup setup, in Shard shard, int batch)
    {
        WeightFormat format = setup.Engine?.Loaded(setup.Weights) ?? setup.Weights;
        CacheLayout layout = setup.Engine?.Layout(setup.Keys, setup.Values) ?? new(setup.Keys, setup.Values, 1, 0, 2);
        return new(
            Weights(a, format, shard, setup.StoredWeights),
            checked(batch * CacheFold.Sum(a, layout, shard, setup.Context, setup.EncoderTokens)),
            setup.Engine is { } engine ? Activation.Peak(a, engine, setup, shard, batch) : 0);
    }

    // What is known of a checkpoint is shared out as the format's bytes are.
    private static long Weights(Architecture a, WeightFormat format, in Shard shard, ByteSize? stored) => stored is { } known
        ? shard == Shard.Whole
            ? known.Bytes
            : (long)((Int128)known.Bytes * WeightFold.Sum(a, format, shard) / WeightFold.Sum(a, format, Shard.Whole))
        : WeightFold.Sum(a, format, shard);

    /// <summary>Context, graphs and communication buffers of one GPU.</summary>
    public static ByteRange Runtime(EngineMemory? engine, int gpus) => engine is null ? default : gpus == 1
        ? Sum(engine.Runtime, engine.Graphs, default)
        : Sum(engine.Runtime, engine.Graphs, engine.Communication);

    private static ByteRange Sum(ByteRange a, ByteRange b, ByteRange c) =>
        new(a.Low + b.Low + c.Low, a.Expected + b.Expected + c.Expected, a.High + b.High + c.High);

    private static long Additions(ValueList<MemoryAddition>? additions, int gpus)
    {
        long sum = 0;
        if (additions is not null)
        {
            foreach (MemoryAddition addition in additions)
            {
                sum = checked(sum + addition.Size.Bytes);
            }
        }

        return checked(sum + gpus - 1) / gpus;
    }
}

/// <summary>What one GPU holds, in bytes.</summary>
internal readonly record struct GpuPart(long Weights, long Cache, long Activations);
