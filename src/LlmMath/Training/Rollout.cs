using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>Where answers are written that reinforcement learning trains on.</summary>
public enum RolloutMode
{
    /// <summary>On the GPUs that train, in turn with training.</summary>
    Colocated,

    /// <summary>On GPUs of their own, in turn with training.</summary>
    Apart,

    /// <summary>On GPUs of their own, the next step's while this step's are trained on.</summary>
    OneStepOff,

    /// <summary>On GPUs of their own without a pause: answers that a new version of the weights overtakes are finished by
    /// it.</summary>
    Asynchronous,
}

/// <summary>What an engine on the GPUs that train gives back while they train.</summary>
public enum EngineSleep
{
    /// <summary>Nothing.</summary>
    Awake,

    /// <summary>Its cache; the weights stay.</summary>
    CacheReleased,

    /// <summary>Cache and weights: what it ran with stays. Source: vllm-project/vllm, docs/features/sleep_mode.md,
    /// level 2.</summary>
    Released,
}

/// <summary>The answers that a step of reinforcement learning is made of: how many, how long, written where.</summary>
public sealed record Rollout
{
    /// <summary>Answers of given lengths.</summary>
    /// <param name="prompt">Tokens of the prompts.</param>
    /// <param name="completion">Tokens of the answers.</param>
    public Rollout(TokenLengths prompt, TokenLengths completion) => (Prompt, Completion) = (prompt, completion);

    /// <summary>Tokens of the prompts.</summary>
    public TokenLengths Prompt { get; init; }

    /// <summary>Tokens of the answers.</summary>
    public TokenLengths Completion { get; init; }

    /// <summary>Prompts of a step over all GPUs, 1 or more.</summary>
    public int Prompts { get; init; } = 64;

    /// <summary>Answers to each prompt; null for 8 with GRPO (the default of TRL's <c>num_generations</c>), 1 with PPO. GRPO
    /// needs 2 or more.</summary>
    public int? Group { get; init; }

    /// <summary>How often a step trains on its answers, 1 or more.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Where answers are written.</summary>
    public RolloutMode Mode { get; init; }

    /// <summary>What writes them, on its own GPUs or, colocated, on those that train; null for vLLM with 16-bit weights on as
    /// many GPUs, each with a replica.</summary>
    public Deployment? By { get; init; }

    /// <summary>Share of a GPU's memory that an engine fills on the GPUs that train, above 0 and below 1. Of 0.5:
    /// github:volcengine/verl@b178a3cd5, verl/trainer/config/rollout/rollout.yaml, <c>gpu_memory_utilization</c>.</summary>
    public double EngineShare { get; init; } = 0.5;

    /// <summary>What the engine gives back while these GPUs train.</summary>
    public EngineSleep Sleep { get; init; } = EngineSleep.Released;

    /// <summary>The critic of PPO; null for one of the policy's own shape.</summary>
    public ModelDefinition? Critic { get; init; }

    /// <summary>The model that scores answers; null for a function, or with PPO for one of the policy's own shape.</summary>
    public ModelDefinition? Reward { get; init; }

    /// <summary>Seconds a step that rewards take which no model of these GPUs reckons (functions, sandboxes): 0 up.</summary>
    public double RewardSeconds { get; init; }

    /// <summary>Tokens of the longest prompt with the longest answer.</summary>
    public long Longest => Prompt.Limit + Completion.Limit;

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Rollout), PrintMembers);
}
