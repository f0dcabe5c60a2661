using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Placement;

namespace LlmMath;

/// <summary>A model as it is served: stored how, on what, by which engine. Made once, and asked about any number of
/// <see cref="Workload"/>s: <c>deployment.Memory(workload)</c>, <c>deployment.Speed(workload)</c>.</summary>
public sealed record Deployment
{
    private Known _known;

    /// <summary>A model on one GPU; <see cref="Placement"/> says over how many more.</summary>
    /// <param name="model">The model.</param>
    /// <param name="gpu">The kind of GPU; null where only sizes are asked.</param>
    /// <param name="engine">The engine; null for the one that people usually take for these formats on that GPU
    /// (<c>EngineCatalog.UsualFor</c>), and without a GPU for weights and cache alone.</param>
    /// <param name="weights">How the weights are stored. With an engine of GGUF files, mxfp4 is mxfp4_moe, as they hold
    /// it.</param>
    public Deployment(ModelDefinition model, Gpu? gpu, Engine? engine, WeightFormat weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        (Model, Gpu, Engine, Weights) = (model, gpu, engine, engine?.Meant(weights) ?? weights);
    }

    /// <summary>A model on no particular GPU, without an engine: weights and cache alone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">How the weights are stored.</param>
    public Deployment(ModelDefinition model, WeightFormat weights)
        : this(model, null, null, weights)
    {
    }

    /// <summary>The model.</summary>
    public ModelDefinition Model { get; init; }

    /// <summary>The kind of GPU; null where only sizes are asked.</summary>
    public Gpu? Gpu { get; init; }

    /// <summary>The engine that was named; null for the usual one.</summary>
    public Engine? Engine { get; init; }

    /// <summary>How the weights are stored.</summary>
    public WeightFormat Weights { get; init; }

    /// <summary>Bytes of the weights as a checkpoint holds them, where they are known: <see cref="Weights"/> then only says how
    /// they are shared out over GPUs.</summary>
    public ByteSize? StoredWeights { get; init; }

    /// <summary>Number format of cached keys; 16 bits unless stated.</summary>
    public CacheFormat Keys { get; init; } = CacheFormat.Bf16;

    /// <summary>Number format of cached values; that of the keys unless stated.</summary>
    public CacheFormat Values { get => field ?? Keys; init; }

    /// <summary>How the model is laid over GPUs. Data-parallel attention: a degree of experts above that of tensors.</summary>
    public Parallelism Placement { get; init; } = new();

    /// <summary>GPUs of their own that read prompts; null where those of <see cref="Placement"/> read and write.</summary>
    public PrefillSide? Prefill { get; init; }

    /// <summary>All GPUs together, those that only read prompts too; 2³¹ − 1 where there would be more, which no setup may
    /// have.</summary>
    public int Gpus =>
        (int)Math.Clamp((long)Placement.Gpus + (Prefill?.Placement.Gpus ?? 0), int.MinValue, int.MaxValue);

    /// <summary>Which tensors lie in system memory; null for as few as the engine keeps there always. Where some do, one replica
    /// has no tensor parallelism, and the engine keeps inputs in system memory (llama.cpp).</summary>
    public TensorPlacement? Tensors { get; init; }

    /// <summary>Whether attention keeps its scores in the chip (flash attention), where the engine can do both; it does unless
    /// stated.</summary>
    public bool FlashAttention { get; init; } = true;

    /// <summary>The backend that the engine was built for, one of its releases (<c>vulkan</c>); null for the usual one of the
    /// GPU's vendor.</summary>
    public string? Backend { get; init; }

    /// <summary>Whether a GPU copies weights of system memory to multiply many tokens by them; not with llama.cpp's
    /// <c>--no-op-offload</c>, nor with weights that were repacked for the processor (ik_llama.cpp's <c>-rtr</c>).</summary>
    public bool CopiesHostWeights { get; init; } = true;

    /// <summary>The machine that the GPUs stand in.</summary>
    public Node Node { get; init; } = Node.Usual;

    /// <summary>What is held beside the model; empty unless stated.</summary>
    public ValueList<MemoryAddition> Additions { get; init; } = [];

    /// <summary>The engine as it runs here: the one that was named or the usual one, with what it does differently on the GPU;
    /// null for weights and cache alone.</summary>
    /// <exception cref="EstimateException">The deployment holds something that cannot be; the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public Engine? EffectiveEngine => PlacedModel.EngineOf(this);

    /// <summary>What follows from the deployment, found once.</summary>
    /// <exception cref="EstimateException">The deployment holds something that cannot be; the error names it.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1 bytes.</exception>
    internal PlacedModel Placed
    {
        get
        {
            PlacedModel? known = _known.Placed;
            // What "with" copied belongs to the deployment that it was copied from.
            if (known is null || !ReferenceEquals(known.Of, this))
            {
                _known = new(known = new PlacedModel(this));
            }

            return known;
        }
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Deployment), PrintMembers);

    // Equal deployments are equal whatever was asked of them.
    private readonly struct Known(PlacedModel? placed) : IEquatable<Known>
    {
        public PlacedModel? Placed { get; } = placed;

        public bool Equals(Known other) => true;

        public override bool Equals(object? obj) => obj is Known;

        public override int GetHashCode() => 0;
    }
}
