using LlmMath.Architectures;
using static LlmMath.Basics.NumberText;

namespace LlmMath;

/// <summary>What is asked of a model's memory: how it is stored, how much it serves, on what.</summary>
public readonly record struct InferenceSetup
{
    /// <summary>Asks for one sequence of one token on one GPU, keys and values in 16 bits, no engine.</summary>
    /// <param name="weights">How the weights are stored.</param>
    public InferenceSetup(WeightFormat weights) => Weights = weights;

    /// <summary>How the weights are stored.</summary>
    public WeightFormat Weights { get; init; }

    /// <summary>Bytes of the weights as a checkpoint holds them, where they are known: <see cref="Weights"/> then only says how
    /// they are shared out over GPUs.</summary>
    public ByteSize? StoredWeights { get; init; }

    /// <summary>Number format of cached keys; 16 bits unless stated.</summary>
    public CacheFormat Keys { get; init; } = CacheFormat.Bf16;

    /// <summary>Number format of cached values; that of the keys unless stated.</summary>
    public CacheFormat Values { get => field ?? Keys; init; }

    /// <summary>Sequences at once, 1 or more, over all replicas.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Tokens of each sequence, prompt and answer together, 1 or more.</summary>
    public long Context { get; init; } = 1;

    /// <summary>Tokens of each prompt; the whole context unless stated.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Tokens that an encoder reads for each sequence: T5's prompt, an image's patches; 0 where there is none.</summary>
    public long EncoderTokens { get; init; }

    /// <summary>Whether positions are scaled beyond what the model was made for (YaRN and the like), so that
    /// <see cref="Context"/> may exceed it.</summary>
    public bool ExtendsContext { get; init; }

    /// <summary>The engine, whose activations and runtime are added; null for weights and cached state alone.</summary>
    public Engine? Engine { get; init; }

    /// <summary>How the model is laid over GPUs.</summary>
    public Parallelism Parallelism { get; init; } = new();

    /// <summary>What is held beside the model, or null.</summary>
    public ValueList<MemoryAddition>? Additions { get; init; }

    /// <summary>The same with the engine as it runs on a kind of GPU: the usual one for the formats where none was named.</summary>
    internal InferenceSetup On(Gpu gpu) =>
        (Engine ?? EngineCatalog.UsualFor(Weights, Keys, Values, [gpu]))?.On(gpu) is { } engine && !ReferenceEquals(engine, Engine)
            ? this with { Engine = engine }
            : this;

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="ArgumentException">Something is out of range, or neither model nor engine has it; the error names
    /// it.</exception>
    internal void Check(Architecture a)
    {
        if (Weights is null)
        {
            throw new ArgumentException("Weights: a weight format is needed. Make a setup with new InferenceSetup(weights).");
        }

        if (StoredWeights is { Bytes: < 0 })
        {
            throw new ArgumentException("StoredWeights: 0 bytes or more are needed.");
        }

        Positive(Batch, nameof(Batch));
        Positive(Context, nameof(Context));
        Positive(PromptTokens ?? 1, nameof(PromptTokens));
        if (EncoderTokens < 0)
        {
            throw new ArgumentException($"EncoderTokens: 0 or more is needed; it is {N(EncoderTokens)}.");
        }

        if (!ExtendsContext && a.ContextLength is { } limit && Context > limit)
        {
            throw new ArgumentException($"Context: the model was made for at most {N(limit)} tokens; it is {N(Context)}. "
                + "Set ExtendsContext where its positions are scaled to more.");
        }

        if (PromptTokens > Context)
        {
            throw new ArgumentException($"PromptTokens: at most Context ({N(Context)}) is right; it is {N(PromptTokens.Value)}.");
        }

        foreach (MemoryAddition addition in Additions ?? [])
        {
            if (addition.Size.Bytes < 0)
            {
                throw new ArgumentException(
                    $"Additions: 0 bytes or more are needed; \"{addition.Name}\" is {N(addition.Size.Bytes)}.");
            }
        }

        Parallelism.Check(a);
        Engine?.Check(Weights, Keys, Values);
    }

    private static void Positive(long value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{name}: 1 or more is needed; it is {N(value)}.");
        }
    }
}
