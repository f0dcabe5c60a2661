using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Models.Families;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Tensors;
using LlmMath.Placement.Weights;
using LlmMath.Placement.Work;

namespace LlmMath.Placement;

/// <summary>A deployment's model as it lies on its GPUs and in system memory: what folds over tensors find is found once, however
/// many workloads are asked about.</summary>
internal sealed class PlacedModel
{
    private readonly long _whole;
    private ModelWork? _work, _hostWork;
    private SplitWork? _split;

    /// <summary>Lays a deployment out.</summary>
    /// <exception cref="EstimateException">The deployment holds something that cannot be; the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1 bytes.</exception>
    public PlacedModel(Deployment of)
        : this(of, of.Model.Architecture)
    {
    }

    /// <summary>Lays out an architecture that need not be a definition's.</summary>
    internal PlacedModel(Deployment of, Architecture architecture)
    {
        (Of, Architecture) = (of, architecture);
        Check(of, Architecture);
        Engine = EngineOf(of);
        Engine?.Check(of.Weights, of.Keys, of.Values);
        CacheCheck.Require(Architecture, of.Keys, of.Values);
        Prefill = PrefillCheck.Placed(of, Engine);
        Format = Loaded(Engine, of.Weights);
        Layout = Engine is null ? CacheLayout.Plain(of.Keys, of.Values) : CacheLayout.Of(Engine, of.Keys, of.Values);
        Homes = of.Tensors is { } tensors ? HomesOf(of, Architecture, tensors) : null;
        _whole = of.StoredWeights is null ? 0 : WeightFold.Sum(Architecture, Format, Shard.Whole);
        Parallelism over = of.Placement;
        Stages = new Stage[over.Pipeline];
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            Stages[stage] = At(ShardOf(of, Engine, stage));
        }

        HostWeights = KeepsInputsOnHost ? FindHostWeights() : 0;
        if (Homes is { } homes)
        {
            AddOffloaded(homes);
        }

        long additions = of.Additions.Sum(addition => addition.Size.Bytes);
        int gpus = over.Tensor * over.Pipeline;
        Additions = (additions + gpus - 1) / gpus;
        Whole = WholeModel.Of(architecture);
        RotaryTable = Engine is { Memory.Buffers.TabulatesRotary: true }
            ? (architecture.ContextLength ?? 0) * Whole.RotaryElements * 2
            : 0;
        Runtime = FindRuntime(over.Gpus);
        State = CacheFold.State(Architecture, Layout, Shard.Whole);
        PerToken = CacheFold.PerToken(Architecture, Layout, Shard.Whole, beyondWindows: false);
        PerTokenBeyondWindows = CacheFold.PerToken(Architecture, Layout, Shard.Whole, beyondWindows: true);
    }

    /// <summary>The deployment.</summary>
    public Deployment Of { get; }

    /// <summary>The model.</summary>
    public Architecture Architecture { get; }

    /// <summary>The engine as it runs here; null for weights and cache alone.</summary>
    public Engine? Engine { get; }

    /// <summary>The engine, where a time is asked.</summary>
    /// <exception cref="EstimateException">There is none for the formats.</exception>
    public Engine KnownEngine => Engine ?? throw new EstimateException(nameof(Engine),
        $"none of the catalog loads {Of.Weights} with a cache in {Of.Keys} on {KnownGpu}; name one.");

    /// <summary>The model on the GPUs that read prompts for these; null where these do both.</summary>
    public PlacedModel? Prefill { get; }

    /// <summary>The GPU, where a time is asked.</summary>
    /// <exception cref="EstimateException">The deployment names none.</exception>
    public Gpu KnownGpu =>
        Of.Gpu ?? throw new EstimateException(nameof(Of.Gpu), "the deployment names none, and times depend on it.");

    /// <summary>How the weights lie once the engine has loaded them.</summary>
    public WeightFormat Format { get; }

    /// <summary>How the engine lays the cache out.</summary>
    public CacheLayout Layout { get; }

    /// <summary>What one GPU of each stage holds.</summary>
    public Stage[] Stages { get; }

    /// <summary>
    /// Bytes of weights that lie in system memory whatever the GPUs of a replica hold: the tables of which each token reads a row
    /// (token embedding, per-layer embeddings, positions). A tied embedding counts once, with the head on the GPU: llama.cpp
    /// makes it twice, but the one in system memory is the mapped file, whose pages hold nothing of their own. Source:
    /// ggml-org/llama.cpp@00395eb28, src/llama-arch.cpp, <c>LLM_TENSOR_INFOS</c> (token_embd, position_embd, token_types and
    /// per_layer_token_embd are of the input layer; norms and projections beside them are of the first repeating layer), and
    /// @a5410f046, src/llama-model.cpp, <c>load_tensors</c> (<c>dev_input</c> is always the CPU; a duplicated token_embd is made
    /// as the output layer's).
    /// </summary>
    public long HostWeights { get; private set; }

    /// <summary>Which tensors lie in system memory that a GPU would hold otherwise; null for none.</summary>
    public TensorHomes? Homes { get; }

    /// <summary>Layers whose cache lies in system memory, by what they cache.</summary>
    public CachedLayers[] HostCached { get; private set; } = [];

    /// <summary>Bytes of the largest matrix in system memory that a GPU copies to multiply a large batch by it.</summary>
    public long Copied { get; private set; }

    /// <summary>Whether no GPU holds anything.</summary>
    public bool IsOnHost => Homes is { GpuLayers: 0 };

    /// <summary>Bytes that each GPU holds beside the model: all additions ÷ GPUs of a replica, rounded up.</summary>
    public long Additions { get; }

    /// <summary>What folds ask of the whole model.</summary>
    public WholeModel Whole { get; }

    /// <summary>Context, graphs, communication buffers and the rotary table of one GPU.</summary>
    public ByteRange Runtime { get; }

    /// <summary>Bytes of the sines and cosines of every position that the model was made for: context × rotary elements of a head
    /// × 2 bytes, once for all layers. Partly rotary heads count whole. Source: vllm-project/vllm (fork ROCm/vllm@f8c9a3852),
    /// vllm/model_executor/layers/rotary_embedding.py.</summary>
    public long RotaryTable { get; }

    /// <summary>What a pass has to do, where times are asked.</summary>
    public ModelWork Work => _work ??= AsStored(Split?.Gpu ?? ModelWorks.Of(Architecture, Format));

    /// <summary>What of it the processor does; null where a GPU does all.</summary>
    public ModelWork? HostWork =>
        _hostWork ??= Split is { HasHostWork: true } split ? AsStored(split.Host) : null;

    /// <summary>Bytes that a sequence holds whatever its length.</summary>
    public long State { get; }

    /// <summary>Bytes that one more token adds below every window.</summary>
    public long PerToken { get; }

    /// <summary>The same once all windows are full.</summary>
    public long PerTokenBeyondWindows { get; }

    /// <summary>Whether the tables of the inputs, and a pass's inputs, lie in system memory.</summary>
    public bool KeepsInputsOnHost => Engine is { Load.KeepsInputsOnHost: true };

    /// <summary>The engine as it runs in a deployment.</summary>
    public static Engine? EngineOf(Deployment of)
    {
        Engine? engine = ChosenEngine(of);
        return of.Gpu is { } gpu ? engine?.RunningOn(gpu, (of.Placement with { Data = 1, Context = 1 }).Gpus,
            of.Placement.AttentionReplicas) : engine;
    }

    /// <summary>The engine that was named, or the usual one, whatever it does differently on some GPUs.</summary>
    public static Engine? ChosenEngine(Deployment of) => of.Engine
        ?? (of.Gpu is { } known ? EngineCatalog.UsualFor(of.Weights, of.Keys, of.Values, [known]) : null);

    /// <summary>How weights lie once an engine has loaded them.</summary>
    public static WeightFormat Loaded(Engine? engine, WeightFormat weights) => engine?.Load switch
    {
        { PadsMxfp4: true } when weights == WeightFormat.Mxfp4 => LinearWeights.Mxfp4Padded,
        { QuantizesHead: true } when weights is LinearWeights linear => linear.WithHead,
        _ => weights,
    };

    /// <summary>What of the inputs a GPU holds where the engine keeps tables in system memory: the embedding with the head that
    /// it also is, and with the first layer what that computes of the inputs.</summary>
    public static InputTensors BesideHost(bool hasFirstLayer, bool hasOutputs) =>
        (hasFirstLayer ? InputTensors.Computed : InputTensors.None) | (hasOutputs ? InputTensors.TiedToHead : InputTensors.None);

    /// <summary>What one GPU holds of a part of the model.</summary>
    /// <param name="shard">The part.</param>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1 bytes.</exception>
    public Stage At(in Shard shard)
    {
        long bytes = WeightFold.Sum(Architecture, Format, shard)
            - (Homes is { } homes ? Tensors.HostWeights.Of(Architecture, Format, shard, homes).Bytes : 0);
        Shard cached = Homes is { FirstLayer: > 0 and var first } && shard.FirstLayer < first
            ? shard with { FirstLayer = Math.Min(first, shard.EndLayer) } : shard;
        // What a checkpoint is known to hold is shared out as the format's bytes are.
        long weights = Of.StoredWeights is not { } known ? bytes
            : (long)((((Int128)known.Bytes * bytes) + _whole - 1) / _whole);
        (long projections, long stacked) = Engine is { Load.FusesProjections: true, Memory: not null }
            ? WeightFold.Fused(Architecture, Of.Weights, shard)
            : default;
        return new(shard, weights, CacheFold.Layers(Architecture, Layout, cached), projections, stacked)
        {
            Drafts = DraftBlocks.Of(this, shard),
        };
    }

    /// <summary>The part of the model that a stage of the pipeline holds.</summary>
    /// <param name="of">The deployment.</param>
    /// <param name="engine">The engine as it runs there.</param>
    /// <param name="stage">0 to the number of stages − 1.</param>
    public static Shard ShardOf(Deployment of, Engine? engine, int stage)
    {
        Parallelism over = of.Placement;
        Shard shard = over.Gpus == 1 ? Shard.Whole : Shard.Stage(of.Model.Architecture.LayerCount, over, stage) with
        {
            HasWholeVocabulary = engine is { Load.ReplicatesVocabulary: true },
        };
        return engine switch
        {
            { Load.KeepsEndsTogether: true } => shard with { HasOutputs = stage == 0 },
            { Load.KeepsInputsOnHost: true } => shard with { Inputs = BesideHost(stage == 0, shard.HasOutputs) },
            _ => shard,
        };
    }

    // Rounded down where the GPUs' shares are rounded up, so that both add up to the checkpoint.
    private long FindHostWeights()
    {
        long bytes = WeightFold.Sum(Architecture, Format, Shard.LookupsAlone);
        return Of.StoredWeights is not { } known ? bytes : (long)((Int128)known.Bytes * bytes / _whole);
    }

    /// <summary>It, refused where tensors are to lie in system memory and the engine keeps none there.</summary>
    /// <exception cref="ArgumentException">The engine keeps none there.</exception>
    public PlacedModel WithTensorsThatTheEngineKeeps() => Homes is null || KeepsInputsOnHost ? this
        : throw new ArgumentException($"Tensors: {Engine?.Name ?? "no engine"} keeps no layers or experts in system memory; "
            + "llama.cpp does.");

    internal SplitWork? Split => _split ??= Homes is { } homes ? SplitWork.Of(Architecture, Format, homes) : null;

    // A checkpoint of known bytes is read as such.
    private ModelWork AsStored(ModelWork work)
    {
        ModelWork attending = Engine is { Speed.AttendsBeyondWindows: true } ? work.BeyondWindows() : work;
        return Of.StoredWeights is { } known ? attending.Stored((double)known.Bytes / _whole) : attending;
    }

    private void AddOffloaded(TensorHomes homes)
    {
        foreach (ref readonly Stage stage in Stages.AsSpan())
        {
            var weights = Tensors.HostWeights.Of(Architecture, Format, stage.Shard, homes);
            HostWeights = checked(HostWeights + (Of.StoredWeights is not { } known ? weights.Bytes
                : (long)((Int128)known.Bytes * weights.Bytes / _whole)));
            Copied = Math.Max(Copied, weights.Largest);
        }

        Copied = IsOnHost || Of.Gpu is { HasUnifiedMemory: true } ? 0 : homes.HasHead ? Copied
            : WeightFold.Sum(Architecture, Format, Shard.OutputsAlone);
        HostCached = CacheFold.Layers(Architecture, Layout, Shard.Whole with { EndLayer = homes.FirstLayer });
    }

    private static TensorHomes HomesOf(Deployment of, Architecture a, TensorPlacement tensors)
    {
        Parallelism over = of.Placement;
        bool divides = over.Tensor > 1 || over.Data > 1 || over.ExpertDegree > 1;
        return !divides && (over.Pipeline == 1 || !(tensors.GpuLayers <= a.LayerCount)) ? TensorHomes.Of(a, tensors)
            : throw new ArgumentException("Tensors: tensors lie in system memory beside one GPU, or by rules beside several that "
                + "divide the layers among them.");
    }

    private ByteRange FindRuntime(int gpus)
    {
        if (Engine?.Memory?.Reserve is not { } reserve)
        {
            return default;
        }

        var table = new ByteSize(RotaryTable);
        return Sum(Sum(reserve.Runtime, reserve.Graphs),
            Sum(new(table, table, table), gpus == 1 ? default : reserve.Communication));
    }

    private static ByteRange Sum(ByteRange a, ByteRange b) => new(a.Low + b.Low, a.Expected + b.Expected, a.High + b.High);

    private static void Check(Deployment of, Architecture a)
    {
        if (of.StoredWeights is { Bytes: < 0 })
        {
            throw new EstimateException(nameof(of.StoredWeights), "0 bytes or more are needed.");
        }

        foreach (MemoryAddition addition in of.Additions)
        {
            if (addition.Size.Bytes < 0)
            {
                throw new EstimateException(nameof(of.Additions),
                    $"0 bytes or more are needed; \"{addition.Name}\" is {Basics.NumberText.N(addition.Size.Bytes)}.");
            }
        }

        of.Placement.Check(a);
        of.Placement.RequireInference();
    }
}
