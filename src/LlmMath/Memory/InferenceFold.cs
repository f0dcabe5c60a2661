namespace LlmMath.Memory;

/// <summary>Puts an estimate together: stage by stage of a pipeline, what one GPU of each holds.</summary>
internal static class InferenceFold
{
    public static MemoryEstimate Sum(ModelDefinition model, in InferenceSetup setup)
    {
        Architecture a = model.Architecture;
        Parallelism over = setup.Parallelism;
        int batch = (setup.Batch + over.Data - 1) / over.Data, copies = checked(over.Tensor * over.Data);
        ByteRange runtime = Runtime(a, setup.Engine, over.Gpus);
        long additions = Additions(setup.Additions, over.Tensor * over.Pipeline);
        GpuPart host = Host(a, setup, batch);
        long weights = checked(over.Data * host.Weights), activations = checked(over.Data * host.Activations);
        long cache = 0;
        GpuPart largest = default;
        for (int stage = 0; stage < over.Pipeline; stage++)
        {
            GpuPart part = Part(a, setup, StageOf(a, setup, stage), batch);
            checked
            {
                weights += copies * part.Weights;
                cache += copies * part.Cache;
                activations += copies * part.Activations;
                largest = part.Bytes > largest.Bytes ? part : largest;
            }
        }

        return new(model, setup)
        {
            Weights = new(weights),
            KeyValueCache = new(cache),
            State = new(CacheFold.State(a, Layout(setup), Shard.Whole)),
            KeyValueBytesPerToken = new(CacheFold.PerToken(a, Layout(setup), Shard.Whole, beyondWindows: false)),
            KeyValueBytesPerTokenBeyondWindows = new(CacheFold.PerToken(a, Layout(setup), Shard.Whole, beyondWindows: true)),
            Activations = new(activations),
            Runtime = new(checked(over.Gpus * runtime.Expected.Bytes)),
            Additions = new(checked(over.Gpus * additions)),
            PerGpu = new(checked(largest.Bytes + runtime.Expected.Bytes + additions)),
            PerGpuWeights = new(largest.Weights),
            PerGpuCache = new(largest.Cache),
            RotaryTable = new(checked(over.Gpus * RotaryTable(a, setup.Engine))),
            Host = new(checked(over.Data * host.Bytes)),
        };
    }

    /// <summary>What one GPU of a stage holds of the model.</summary>
    public static Shard StageOf(Architecture a, in InferenceSetup setup, int stage)
    {
        Shard shard = setup.Parallelism.Gpus == 1 ? Shard.Whole : Shard.Stage(a.LayerCount, setup.Parallelism, stage) with
        {
            HasWholeVocabulary = setup.Engine is { ReplicatesVocabulary: true },
        };
        return setup.Engine switch
        {
            { KeepsEndsTogether: true } => shard with { HasInputs = stage == 0, HasOutputs = stage == 0 },
            { KeepsInputsOnHost: true } => shard with { HasInputs = false },
            _ => shard,
        };
    }

    /// <summary>What one GPU holds, its runtime left out.</summary>
    public static GpuPart Part(Architecture a, in InferenceSetup setup, in Shard shard, int batch)
    {
        WeightFormat format = Format(setup);
        CacheLayout layout = Layout(setup);
        return new(
            Weights(a, format, shard, setup.StoredWeights),
            checked(batch * CacheFold.Sum(a, layout, shard, setup.Context, setup.EncoderTokens)),
            setup.Engine is { } engine ? Activation.Peak(a, engine, setup, shard, batch) : 0);
    }

    /// <summary>What lies in system memory whatever the GPUs hold: an untied embedding and a pass's inputs. A tied one is the
    /// head's file, mapped.</summary>
    public static GpuPart Host(Architecture a, in InferenceSetup setup, int batch)
    {
        if (setup.Engine is not { KeepsInputsOnHost: true } engine)
        {
            return default;
        }

        WeightFormat format = Format(setup);
        Shard inputs = Shard.InputsAlone;
        return new(
            QuantizerPlaces.IsTiedIn(a) ? 0 : Weights(a, format, inputs, setup.StoredWeights),
            0,
            Activation.Host(a, engine, setup, batch));
    }

    /// <summary>Context, graphs, communication buffers and the rotary table of one GPU.</summary>
    public static ByteRange Runtime(Architecture a, EngineMemory? engine, int gpus)
    {
        if (engine is null)
        {
            return default;
        }

        var table = new ByteSize(RotaryTable(a, engine));
        return Sum(Sum(engine.Runtime, engine.Graphs), Sum(new(table, table, table), gpus == 1 ? default : engine.Communication));
    }

    /// <summary>Sines and cosines of every position that the model was made for: context × rotary elements of a head × 2 bytes,
    /// once for all layers. Partly rotary heads count whole. Source: vllm-project/vllm (fork ROCm/vllm@f8c9a3852),
    /// vllm/model_executor/layers/rotary_embedding.py.</summary>
    public static long RotaryTable(Architecture a, EngineMemory? engine)
    {
        long elements = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                elements = Math.Max(elements, mixer.RotaryElements);
            }
        }

        return engine is { TabulatesRotary: true } ? checked((a.ContextLength ?? 0) * elements * 2) : 0;
    }

    /// <summary>How the engine lays the cache out; without one, to the token, states in 16 bits.</summary>
    public static CacheLayout Layout(in InferenceSetup setup) =>
        setup.Engine?.Layout(setup.Keys, setup.Values) ?? CacheLayout.Plain(setup.Keys, setup.Values);

    private static WeightFormat Format(in InferenceSetup setup) => setup.Engine?.Loaded(setup.Weights) ?? setup.Weights;

    // What is known of a checkpoint is shared out as the format's bytes are.
    private static long Weights(Architecture a, WeightFormat format, in Shard shard, ByteSize? stored) => stored is { } known
        ? shard == Shard.Whole
            ? known.Bytes
            : (long)((Int128)known.Bytes * WeightFold.Sum(a, format, shard) / WeightFold.Sum(a, format, Shard.Whole))
        : WeightFold.Sum(a, format, shard);

    private static ByteRange Sum(ByteRange a, ByteRange b) => new(a.Low + b.Low, a.Expected + b.Expected, a.High + b.High);

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

/// <summary>What one GPU, or system memory, holds, in bytes.</summary>
internal readonly record struct GpuPart(long Weights, long Cache, long Activations)
{
    public long Bytes => checked(Weights + Cache + Activations);
}
