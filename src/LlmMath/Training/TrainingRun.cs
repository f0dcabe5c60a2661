using LlmMath.Architectures;
using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>What is asked of a <see cref="Deployment"/> whose engine is a trainer: how a model is trained, on how many tokens, in
/// which batches, with what kept and what computed again.</summary>
public sealed record TrainingRun
{
    private readonly long? _sequenceLength;

    /// <summary>Makes a run.</summary>
    /// <param name="method">How the model is trained.</param>
    /// <param name="tokens">Tokens of all steps together, 1 or more.</param>
    public TrainingRun(TrainingMethod method, long tokens) => (Method, Tokens) = (method, tokens);

    /// <summary>How the model is trained.</summary>
    public TrainingMethod Method { get; init; }

    /// <summary>Tokens of all steps together, each time that one is trained on counted, 1 or more; of pairs both answers, of
    /// reinforcement learning prompts and answers, once a step.</summary>
    public long Tokens { get; init; }

    /// <summary>How often each example is trained on, 1 or more; an epoch is <see cref="Tokens"/> ÷ epochs.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Share of a batch's positions that hold tokens, above 0 and at most 1: 1 where sequences are packed; where they
    /// are padded, their mean length ÷ that of the longest in a batch. The rest is computed and counts as nothing.</summary>
    public double Filled { get; init; } = 1;

    /// <summary>Tokens of all evaluations together, 0 or more: passed forward alone.</summary>
    public long EvaluationTokens { get; init; }

    /// <summary>What stops the run.</summary>
    public Interruptions Interruptions { get; init; } = Interruptions.Usual;

    /// <summary>The adapter, where one is trained; null where all parameters are.</summary>
    public LoraSpec? Adapter { get; init; }

    /// <summary>The answers that are trained on; needed by reinforcement learning, null with every other method.</summary>
    public Rollout? Rollout { get; init; }

    /// <summary>Where the log-probabilities of a reference come from; null for the usual place: the adapter switched off where
    /// one is trained, else a kept copy, and none with ORPO, SimPO, a reward model and what is no preference.</summary>
    public ReferenceModel? Reference { get; init; }

    /// <summary>Tokens of a sequence, 1 or more: 2,048 unless stated, with a rollout its longest prompt and answer.</summary>
    public long SequenceLength { get => _sequenceLength ?? Rollout?.Longest ?? 2048; init => _sequenceLength = value; }

    /// <summary>Examples of one forward pass on each replica, 1 or more: sequences, or with DPO, IPO, ORPO, SimPO and a reward
    /// model pairs of them.</summary>
    public int MicroBatch { get; init; } = 1;

    /// <summary>Examples of one step over all replicas, a multiple of micro-batch × replicas; 0 for just as many. With a rollout
    /// answers of one update, at most those of a step; 0 for all of them.</summary>
    public int GlobalBatch { get; init; }

    /// <summary>What is computed again on the way back.</summary>
    public Recomputation Recomputation { get; init; }

    /// <summary>Layers of which one input is kept where all of a layer is computed again, 1 or more.</summary>
    public int RecomputedTogether { get; init; } = 1;

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.AdamW;

    /// <summary>In which number formats states are held; null for the trainer's usual ones.</summary>
    public StateRecipe? Recipe { get; init; }

    /// <summary>In which number format matrices are multiplied, where the GPU has a rate for it.</summary>
    public ProductFormat Products { get; init; }

    /// <summary>How attention is computed.</summary>
    public AttentionKernel Attention { get; init; }

    /// <summary>How the loss is computed.</summary>
    public LossKernel Loss { get; init; }

    /// <summary>What lies in the host's memory or on its drives.</summary>
    public Offload Offload { get; init; }

    /// <summary>Whether the GPUs that share each layer also share the tokens of what they do not divide (Megatron's sequence
    /// parallelism).</summary>
    public bool SequenceParallel { get; init; }

    /// <summary>Runs of layers that each stage of the pipeline has (interleaved schedule), 1 or more.</summary>
    public int Interleaving { get; init; } = 1;

    /// <summary>Whether each layer's parameters are updated as soon as its gradients are there, so that no more than one layer's
    /// gradients exist.</summary>
    public bool OptimizerInBackward { get; init; }

    /// <summary>Whether positions are scaled beyond what the model was made for, so that a sequence may be longer.</summary>
    public bool ExtendsContext { get; init; }

    /// <summary>Whether adapters are trained over frozen weights.</summary>
    internal bool IsAdapted => Adapter is not null;

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingRun), PrintMembers);
}
