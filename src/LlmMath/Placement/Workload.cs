using LlmMath.Placement;
using static LlmMath.Basics.NumberText;

namespace LlmMath;

/// <summary>What is asked of a <see cref="Deployment"/>: prompts, answers, how many at once, how they come. Made once, and asked
/// of memory and of speed alike.</summary>
public sealed record Workload
{
    /// <summary>Makes a workload.</summary>
    /// <param name="promptTokens">Tokens of each prompt, 1 or more.</param>
    /// <param name="outputTokens">Tokens written for each, 0 or more; speed asks for 1 or more.</param>
    /// <param name="requests">Requests at once, over all replicas, 1 or more.</param>
    public Workload(long promptTokens, long outputTokens, int requests = 1) =>
        (PromptTokens, OutputTokens, Requests) = (promptTokens, outputTokens, requests);

    /// <summary>Tokens of each prompt, 1 or more.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens written for each, 0 or more; speed asks for 1 or more.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Requests at once, over all replicas, 1 or more.</summary>
    public int Requests { get; init; }

    /// <summary>Tokens of each sequence, prompt and answer together; 2⁶³ − 1 where there would be more.</summary>
    public long Context => (long)Int128.Clamp((Int128)PromptTokens + OutputTokens, long.MinValue, long.MaxValue);

    /// <summary>Tokens of each prompt that are cached from an earlier request, 0 to one less than the prompt.</summary>
    public long CachedPromptTokens { get; init; }

    /// <summary>Tokens that an encoder reads for each sequence: T5's prompt, an image's patches; 0 where there is none. Memory
    /// holds their keys and values.</summary>
    public long EncoderTokens { get; init; }

    /// <summary>How requests arrive; null for the engine's usual way.</summary>
    public Arrival? Arrival { get; init; }

    /// <summary>Drafting ahead; null for one token a step.</summary>
    public SpeculativeDecoding? Speculation { get; init; }

    /// <summary>Steps between an engine's looks at new requests (SGLang's <c>--scheduler-recv-interval</c>), 1 or more.</summary>
    public int PollSteps { get; init; } = 1;

    /// <summary>Steps that the first of new requests waits for others to be read with (TensorRT-LLM's
    /// <c>batch_wait_timeout_iters</c>), 0 or more; where attention is data-parallel, the most steps that prompts
    /// wait until each replica has one (<c>timeout_iters</c> of its <c>attention_dp_config</c>).</summary>
    public int GatherSteps { get; init; }

    /// <summary>Whether positions are scaled beyond what the model was made for (YaRN and the like), so that
    /// <see cref="Context"/> may exceed it.</summary>
    public bool ExtendsContext { get; init; }

    /// <summary>One or more sequences of so many tokens, all of them read as a prompt: what memory is mostly asked.</summary>
    /// <param name="context">Tokens of each, 1 or more.</param>
    /// <param name="requests">Sequences at once, over all replicas, 1 or more.</param>
    public static Workload OfContext(long context, int requests = 1) => new(context, 0, requests);

    /// <summary>What the folds over cache and activations need of it.</summary>
    internal SequenceLoad Load => new(Requests, Context, PromptTokens, EncoderTokens)
    {
        Drafts = Speculation is not null,
    };

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="EstimateException">Something is out of range, or more than the model was made for; the error names
    /// it.</exception>
    internal void Check(long? contextLength)
    {
        AtLeast(1, PromptTokens, OutputTokens == 0 ? nameof(Context) : nameof(PromptTokens));
        AtLeast(0, OutputTokens, nameof(OutputTokens));
        AtLeast(1, Requests, nameof(Requests));
        AtLeast(0, EncoderTokens, nameof(EncoderTokens));
        AtLeast(1, PollSteps, nameof(PollSteps));
        AtLeast(0, GatherSteps, nameof(GatherSteps));
        if (CachedPromptTokens < 0 || CachedPromptTokens >= PromptTokens)
        {
            throw new EstimateException(nameof(CachedPromptTokens),
                $"0 to {N(PromptTokens - 1)} is right, one token of the prompt must be read; it is {N(CachedPromptTokens)}.");
        }

        if (!ExtendsContext && contextLength is { } limit && Context > limit)
        {
            throw new EstimateException(nameof(Context),
                $"the model was made for at most {N(limit)} tokens, prompt and answer together; it is {N(Context)}.",
                "Set ExtendsContext where its positions are scaled to more.");
        }

        if (Speculation is { } s
            && (s.DraftTokens < 1 || s.TokensPerStepRange is { } range && !(range.Low is > 0 and <= 1 && range.High >= 1
                && double.IsFinite(range.High)) || !(s.AcceptanceRate is >= 0 and <= 1) || !(s.DraftCost is >= 0 and < 1e3)))
        {
            throw new EstimateException(nameof(Speculation),
                "1 draft or more, an acceptance rate of 0 to 1, a cost of 0 or more and a range about 1 are needed.");
        }
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => Basics.RecordText.Of(nameof(Workload), PrintMembers);

    private static void AtLeast(long least, long value, string name)
    {
        if (value < least)
        {
            throw new EstimateException(name, $"{N(least)} or more is needed; it is {N(value)}.");
        }
    }
}
