using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>How an engine trains: what it holds and keeps, read in its sources or found by published measurements
/// (<c>catalog/evidence/training-memory.csv</c>).</summary>
public sealed record EngineTraining
{
    /// <summary>The usual number formats of what is trained, by name: <c>mixed</c>, <c>megatron-bf16</c>.</summary>
    public required string Recipe { get; init; }

    /// <summary>Bytes of an adapter's parameter, its gradient and each moment, 1 or more. What is trained whole beside it has the
    /// model's own format, where that is smaller (PEFT's <c>modules_to_save</c> are copies).</summary>
    public int AdapterBytes { get; init; } = 4;

    /// <summary>Whether an adapter's inputs are copied to float32, and of quantized models what is not quantized is held and
    /// computed in float32 (PEFT's <c>prepare_model_for_kbit_training</c>).</summary>
    public bool UpcastsFrozen { get; init; }

    /// <summary>Whether a frozen matrix in bitsandbytes' blocks keeps its input for the way back, as before its release 0.44.
    /// Source: bitsandbytes-foundation/bitsandbytes, bitsandbytes/autograd/_functions.py, <c>MatMul4Bit</c>, at 0.43.0 and
    /// 0.44.0.</summary>
    public bool KeepsFrozenInputs { get; init; }

    /// <summary>Bytes of an element that a normalization keeps of its input.</summary>
    public int NormInputBytes { get; init; } = 2;

    /// <summary>Whether keys and values are repeated for every query head before attention.</summary>
    public bool RepeatsKeys { get; init; }

    /// <summary>Whether the activation between the feed-forward's matrices is computed again on the way back, so that only its
    /// input is kept.</summary>
    public bool FusesActivation { get; init; }

    /// <summary>Whether dropout keeps its masks: a byte an element.</summary>
    public bool HasDropout { get; init; }

    /// <summary>Bytes of a score between two tokens that eager attention keeps, without dropout.</summary>
    public double ScoreBytes { get; init; } = 2;

    /// <summary>The same where activations are in 32 bits.</summary>
    public double WideScoreBytes { get; init; } = 4;

    /// <summary>Bytes of a score that one layer's way back takes beside those kept.</summary>
    public double ScorePeakBytes { get; init; }

    /// <summary>The same where activations are in 32 bits.</summary>
    public double WideScorePeakBytes { get; init; }

    /// <summary>Bytes of a logit while the loss is passed back, the logit itself among them.</summary>
    public double LogitBytes { get; init; } = 6;

    /// <summary>The same where activations are in 32 bits.</summary>
    public double WideLogitBytes { get; init; } = 6;

    /// <summary>Whether logits are there until the whole way back is over.</summary>
    public bool HoldsLogits { get; init; }

    /// <summary>Whether gradients have buffers from the first step to the last.</summary>
    public bool BuffersGradients { get; init; }

    /// <summary>Whether what is copied to and from the host's memory is copied while the GPU computes; else it waits.</summary>
    public bool OverlapsOffload { get; init; }

    /// <summary>Bytes a trained parameter that the optimizer's step takes beside its state.</summary>
    public double StepBytes { get; init; }

    /// <summary>What matrix products work in.</summary>
    public ByteRange Workspace { get; init; }

    /// <summary>What the process holds beside the allocator: context and libraries.</summary>
    public ByteRange Context { get; init; }

    /// <summary>Reserved ÷ allocated memory at the peak, the 10th percentile, 1 or more.</summary>
    public double ReservedLow { get; init; } = 1;

    /// <summary>The same, as expected.</summary>
    public double Reserved { get; init; } = 1;

    /// <summary>The same, the 90th percentile.</summary>
    public double ReservedHigh { get; init; } = 1;

    /// <summary>Whether memory was compared with measurements; otherwise it is reckoned from the reference's formulas.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>What it reaches, by generation of hardware; the first is the nearest to hardware that is not listed. Empty where
    /// its speed is not known.</summary>
    public ValueList<TrainingGeneration> Generations { get; init; } = [];

    /// <summary>Where the figures come from.</summary>
    public ValueList<string> Sources { get; init; } = [];

    /// <summary>What a reader should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What it reaches on a GPU: its generation's constants, else the nearest's.</summary>
    internal TrainingGeneration? On(Gpu gpu) =>
        Generations.FirstOrDefault(generation => generation.Architecture == gpu.Architecture)
        ?? (Generations.Count > 0 ? Generations[0] : null);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(EngineTraining), PrintMembers);
}
