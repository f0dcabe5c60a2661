using static LlmMath.Basics.NumberText;

namespace LlmMath;

/// <summary>What is asked of a deployed model.</summary>
public readonly record struct InferenceWorkload
{
    /// <summary>Makes a workload.</summary>
    /// <param name="promptTokens">Tokens of each prompt, 1 or more.</param>
    /// <param name="outputTokens">Tokens written for each, 1 or more.</param>
    /// <param name="batch">Requests at once, over all replicas, 1 or more.</param>
    public InferenceWorkload(int promptTokens, int outputTokens, int batch = 1)
        : this() => (PromptTokens, OutputTokens, Batch, Parallelism, PollSteps) =
            (promptTokens, outputTokens, batch, new Parallelism(), 1);

    /// <summary>Tokens of each prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Tokens written for each.</summary>
    public int OutputTokens { get; init; }

    /// <summary>Requests at once, over all replicas.</summary>
    public int Batch { get; init; }

    /// <summary>Tokens of each prompt that are cached from an earlier request, 0 to one less than the prompt.</summary>
    public int CachedPromptTokens { get; init; }

    /// <summary>How the model is laid over GPUs. Data-parallel attention: a degree of experts above that of tensors.</summary>
    public Parallelism Parallelism { get; init; }

    /// <summary>Number format of the cache; bf16 where null.</summary>
    public CacheFormat? Cache { get; init; }

    /// <summary>How requests arrive; null for the engine's usual way.</summary>
    public Arrival? Arrival { get; init; }

    /// <summary>Drafting ahead; null for one token a step.</summary>
    public SpeculativeDecoding? Speculation { get; init; }

    /// <summary>The most tokens of a prefill pass (chunked prefill); null for the engine's own.</summary>
    public int? PassTokens { get; init; }

    /// <summary>Steps between an engine's looks at new requests (SGLang's <c>--scheduler-recv-interval</c>), 1 or more.</summary>
    public int PollSteps { get; init; }

    /// <summary>Steps that the first of new requests waits for others to be read with (TensorRT-LLM's
    /// <c>batch_wait_timeout_iters</c>), 0 or more.</summary>
    public int GatherSteps { get; init; }

    /// <summary>Whether prompts and outputs may exceed the context that the model was made for.</summary>
    public bool ExtendsContext { get; init; }

    internal void Check(long? contextLength)
    {
        Positive(PromptTokens, nameof(PromptTokens));
        Positive(OutputTokens, nameof(OutputTokens));
        Positive(Batch, nameof(Batch));
        Positive(PassTokens ?? 1, nameof(PassTokens));
        Positive(PollSteps, nameof(PollSteps));
        if (GatherSteps < 0)
        {
            throw new ArgumentException($"GatherSteps: 0 or more is right; it is {N(GatherSteps)}.");
        }

        if (CachedPromptTokens < 0 || CachedPromptTokens >= PromptTokens)
        {
            throw new ArgumentException($"CachedPromptTokens: 0 to {N(PromptTokens - 1)} is right, one token of the prompt must "
                + $"be read; it is {N(CachedPromptTokens)}.");
        }

        if (!ExtendsContext && contextLength is { } limit && (long)PromptTokens + OutputTokens > limit)
        {
            string name = PromptTokens > limit ? nameof(PromptTokens) : nameof(OutputTokens);
            throw new ArgumentException($"{name}: the model was made for {N(limit)} tokens; prompt and output are "
                + $"{N((long)PromptTokens + OutputTokens)}. Set ExtendsContext where its positions are scaled to more.");
        }

        if (Speculation is { } s
            && (s.DraftTokens < 1 || !(s.AcceptanceRate is >= 0 and <= 1) || !(s.DraftCost is >= 0 and < 1e3)))
        {
            throw new ArgumentException(
                "Speculation: 1 draft or more, an acceptance rate of 0 to 1 and a cost of 0 or more are needed.");
        }
    }

    private static void Positive(int value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{name}: 1 or more is needed; it is {N(value)}.");
        }
    }
}
