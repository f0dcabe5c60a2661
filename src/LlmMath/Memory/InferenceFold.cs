using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Memory.Cache;
using LlmMath.Memory.Placement;
using LlmMath.Memory.Weights;

namespace LlmMath.Memory;

/// <summary>Puts an estimate together: stage by stage of a pipeline, what one GPU of each holds.</summary>
internal static class InferenceFold
{
    public static MemoryEstimate Sum(ModelDefinition model, in InferenceSetup setup)
    {
        Architecture a = model.Architecture;
        Parallelism over = setup.Parallelism;
        int batch = (int)(((long)setup.Batch + over.Data - 1) / over.Data), copies = over.Tensor * over.Data;
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

        var estimate = new MemoryEstimate(model, setup)
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
        // An estimate whose sum or range has no number is none.
        _ = estimate.TotalRange;
        return estimate;
    }

    /// <summary>The estimate; null where it exceeds 2⁶³ − 1 bytes, which no GPU has: to a search, what does not fit.</summary>
    public static MemoryEstimate? TrySum(ModelDefinition model, in InferenceSetup setup)
    {
        try
        {
            return Sum(model, setup);
        }
        catch (Exception error) when (error is OverflowException or EstimateException)
        {
            return null;
        }
    }

    /// <summary>What one GPU of a stage holds of the model.</summary>
    public static Shard StageOf(Architecture a, in InferenceSetup setup, int stage)
    {
        Shard shard = setup.Parallelism.Gpus == 1 ? Shard.Whole : Shard.Stage(a.LayerCount, setup.Parallelism, stage) with
        {
            HasWholeVocabulary = setup.Engine is { Load.ReplicatesVocabulary: true },
        };
        return setup.Engine switch
        {
            { Load.KeepsEndsTogether: true } => shard with { HasOutputs = stage == 0 },
            { Load.KeepsInputsOnHost: true } => shard with { Inputs = BesideHost(stage == 0, shard.HasOutputs) },
            _ => shard,
        };
    }

    /// <summary>What of the inputs a GPU holds where the engine keeps tables in system memory: the embedding with the head that
    /// it also is, and with the first layer what that computes of the inputs.</summary>
    public static InputTensors BesideHost(bool hasFirstLayer, bool hasOutputs) =>
        (hasFirstLayer ? InputTensors.Computed : InputTensors.None) | (hasOutputs ? InputTensors.TiedToHead : InputTensors.None);

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

    /// <summary>
    /// What lies in system memory whatever the GPUs hold: the tables of which each token reads a row (token embedding, per-layer
    /// embeddings, positions) and a pass's inputs. A tied embedding counts once, with the head on the GPU: llama.cpp makes it
    /// twice, but the one in system memory is the mapped file, whose pages hold nothing of their own. Source:
    /// ggml-org/llama.cpp@00395eb28, src/llama-arch.cpp, <c>LLM_TENSOR_INFOS</c> (token_embd, position_embd, token_types and
    /// per_layer_token_embd are of the input layer; norms and projections beside them are of the first repeating layer), and
    /// @a5410f046, src/llama-model.cpp, <c>load_tensors</c> (<c>dev_input</c> is always the CPU; a duplicated token_embd is made
    /// as the output layer's).
    /// </summary>
    public static GpuPart Host(Architecture a, in InferenceSetup setup, int batch)
    {
        if (setup.Engine is not { Load.KeepsInputsOnHost: true } engine)
        {
            return default;
        }

        long bytes = WeightFold.Sum(a, Format(setup), Shard.LookupsAlone);
        // Rounded down where the GPUs' shares are rounded up, so that both add up to the checkpoint.
        long weights = setup.StoredWeights is not { } known ? bytes
            : (long)((Int128)known.Bytes * bytes / WeightFold.Sum(a, Format(setup), Shard.Whole));
        return new(weights, 0, Activation.Host(a, engine, setup, batch));
    }

    /// <summary>Context, graphs, communication buffers and the rotary table of one GPU.</summary>
    public static ByteRange Runtime(Architecture a, Engine? engine, int gpus)
    {
        if (engine?.Memory?.Reserve is not { } reserve)
        {
            return default;
        }

        var table = new ByteSize(RotaryTable(a, engine));
        return Sum(Sum(reserve.Runtime, reserve.Graphs), Sum(new(table, table, table), gpus == 1 ? default : reserve.Communication));
    }

    /// <summary>Sines and cosines of every position that the model was made for: context × rotary elements of a head × 2 bytes,
    /// once for all layers. Partly rotary heads count whole. Source: vllm-project/vllm (fork ROCm/vllm@f8c9a3852),
    /// vllm/model_executor/layers/rotary_embedding.py.</summary>
    public static long RotaryTable(Architecture a, Engine? engine)
    {
        long elements = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                elements = Math.Max(elements, mixer.RotaryElements);
            }
        }

        return engine is { Memory.Buffers.TabulatesRotary: true } ? checked((a.ContextLength ?? 0) * elements * 2) : 0;
    }

    /// <summary>How the engine lays the cache out; without one, to the token, states in 16 bits.</summary>
    public static CacheLayout Layout(in InferenceSetup setup) =>
        setup.Engine is { } engine ? CacheLayout.Of(engine, setup.Keys, setup.Values)
            : CacheLayout.Plain(setup.Keys, setup.Values);

    /// <summary>How weights lie once an engine has loaded them.</summary>
    public static WeightFormat Loaded(Engine? engine, WeightFormat weights) => engine?.Load switch
    {
        { PadsMxfp4: true } when weights == WeightFormat.Mxfp4 => LinearWeights.Mxfp4Padded,
        { QuantizesHead: true } when weights is LinearWeights linear => linear.WithHead,
        _ => weights,
    };

    /// <summary>The same for a setup.</summary>
    public static WeightFormat Format(in InferenceSetup setup) => Loaded(setup.Engine, setup.Weights);

    // What is known of a checkpoint is shared out as the format's bytes are.
    private static long Weights(Architecture a, WeightFormat format, in Shard shard, ByteSize? stored)
    {
        long bytes = WeightFold.Sum(a, format, shard);
        if (stored is not { } known)
        {
            return bytes;
        }

        long whole = WeightFold.Sum(a, format, Shard.Whole);
        return (long)((((Int128)known.Bytes * bytes) + whole - 1) / whole);
    }

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
