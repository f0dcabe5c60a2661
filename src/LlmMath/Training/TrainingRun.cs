using LlmMath.Architectures;
using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>What is asked of a <see cref="Deployment"/> whose engine is a trainer: how a model is trained, on how many tokens, in
/// which batches, with what kept and what computed again.</summary>
public sealed record TrainingRun
{
    /// <summary>Makes a run.</summary>
    /// <param name="method">How the model is trained.</param>
    /// <param name="tokens">Tokens of all steps together, 1 or more.</param>
    public TrainingRun(TrainingMethod method, long tokens) => (Method, Tokens) = (method, tokens);

    /// <summary>How the model is trained.</summary>
    public TrainingMethod Method { get; init; }

    /// <summary>Tokens of all steps together, 1 or more.</summary>
    public long Tokens { get; init; }

    /// <summary>The adapter, where one is trained; null where all parameters are.</summary>
    public LoraSpec? Adapter { get; init; }

    /// <summary>Tokens of a sequence, 1 or more.</summary>
    public long SequenceLength { get; init; } = 2048;

    /// <summary>Sequences of one forward pass on each replica, 1 or more.</summary>
    public int MicroBatch { get; init; } = 1;

    /// <summary>Sequences of one step over all replicas, a multiple of micro-batch × replicas; 0 for just as many.</summary>
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

    /// <summary>What lies in the host's memory.</summary>
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
