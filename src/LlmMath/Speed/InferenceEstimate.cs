using LlmMath.Basics;
using LlmMath.Placement;
using LlmMath.Speed;

namespace LlmMath;

/// <summary>How fast a deployed model answers. Times are those of one request among the batch.</summary>
public readonly record struct InferenceEstimate
{
    internal InferenceEstimate(PlacedModel model, Workload workload) =>
        (Deployment, Workload, Engine) = (model.Of, workload, model.KnownEngine);

    /// <summary>What was asked about.</summary>
    public Deployment Deployment { get; }

    /// <summary>What was asked of it.</summary>
    public Workload Workload { get; }

    /// <summary>The engine as it runs there, the usual one where none was named.</summary>
    public Engine Engine { get; }

    /// <summary>From a request's arrival to its first token (TTFT).</summary>
    public TimeRange TimeToFirstToken { get; internal init; }

    /// <summary>Between its tokens (ITL, TPOT).</summary>
    public TimeRange InterTokenLatency { get; internal init; }

    /// <summary>From a request's arrival to its last token.</summary>
    public TimeRange TotalTime { get; internal init; }

    /// <summary>Tokens written a second, over all requests and GPUs.</summary>
    public RateRange TokensPerSecond { get; internal init; }

    /// <summary>Tokens that one user sees a second once they flow: 1 ÷ <see cref="InterTokenLatency"/>.</summary>
    public RateRange TokensPerSecondPerUser => RateRange.Of(1, InterTokenLatency);

    /// <summary>Tokens written a second by each GPU.</summary>
    public RateRange TokensPerSecondPerGpu
    {
        get
        {
            int gpus = Deployment.Gpus;
            return new(TokensPerSecond.Low / gpus, TokensPerSecond.Expected / gpus, TokensPerSecond.High / gpus);
        }
    }

    /// <summary>Requests that run at once when each is at its whole length: the batch, or the largest that memory holds at a
    /// context of prompt and answer.</summary>
    public double RunningRequests { get; internal init; }

    /// <summary>Requests that run at once on average, when they stand at all places of their answers: what times are reckoned
    /// with, <see cref="RunningRequests"/> or more.</summary>
    public double SteadyStateRequests { get; internal init; }

    /// <summary>Whether memory holds all requests at once at their whole length; null where nobody sourced the GPU's memory.
    /// Where it does not, some of them wait, and where not even one fits, the times are those of a GPU with more
    /// memory.</summary>
    public bool? Fits { get; internal init; }

    /// <summary>What takes most of the time between tokens.</summary>
    public Bottleneck Bottleneck { get; internal init; }

    /// <summary>What the estimate rests on.</summary>
    public Basis Basis => Rests?.Basis ?? default;

    /// <summary>Measured rows of the engine on this GPU with layers of the same kinds and weights stored alike, 0
    /// or more.</summary>
    public int EvidenceRows => Rests?.Rows ?? 0;

    /// <summary>Of how many sources those rows are, 0 or more.</summary>
    public int EvidenceSources => Rests?.Sources ?? 0;

    /// <summary>What the estimate rests on, in a sentence.</summary>
    public string Evidence() => Deployment is null ? "" : SpeedWarnings.OfEvidence(this);

    /// <summary>Whether the GPU lacks a rate for the weights' format, so that they are widened to 16 bits before they are
    /// multiplied.</summary>
    public bool DequantizesWeights { get; internal init; }

    /// <summary>Share of the time between tokens in which memory or arithmetic units work at their peak, 0 to 1: the time of the
    /// same passes at the hardware's bound ÷ the time that they take. Of the GPUs that write.</summary>
    public double Utilization => InferenceSpeed.UtilizationOf(this);

    /// <summary>Joules a written token: E = W · G · u ÷ r, with W the board's power in watts, G GPUs, u
    /// <see cref="Utilization"/>, r <see cref="TokensPerSecond"/>, and the same of GPUs that only read prompts; null where nobody
    /// sourced the power. What GPUs take while they wait, and what stands around them, is not in it: a lower bound.</summary>
    public double? JoulesPerToken => Deployment.Prefill is not { } reads
        ? Gpu.Watts * Deployment.Placement.Gpus * Utilization / TokensPerSecond.Expected
        : ((Gpu.Watts * Deployment.Placement.Gpus * Utilization)
            + ((reads.Gpu ?? Gpu).Watts * reads.Placement.Gpus * InferenceSpeed.PrefillUtilizationOf(this)))
            / TokensPerSecond.Expected;

    /// <summary>What a reader should know about the figures: first that they do not fit, where it is so; then what they rest
    /// on.</summary>
    public ValueList<string> Warnings() => Deployment is null ? [] : SpeedWarnings.Of(this);

    /// <summary>The working: each part of a decoding pass and of reading the prompt, with its formula and seconds.</summary>
    public ValueList<SpeedLine> Explain() => Deployment is null ? [] : SpeedDerivation.Of(this);

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() =>
        Deployment is null ? "no estimate" : RecordText.Of(nameof(InferenceEstimate), PrintMembers);

    // Of an estimate there is a GPU.
    /// <summary>The figures with the keys of <c>llmmath speed --json</c>, which
    /// <see cref="Interchange.FiguresContext"/> writes and reads.</summary>
    /// <param name="explain">Whether with the working.</param>
    /// <exception cref="EstimateException">There is no estimate.</exception>
    public Interchange.SpeedFigures Figures(bool explain = false) => Deployment is null
        ? throw new EstimateException(nameof(Deployment), "there is no estimate.") : SpeedJson.Of(this, explain);

    internal Gpu Gpu => Deployment.Gpu!;

    internal EstimateBasis? Rests { get; init; }
}

/// <summary>A line of an estimate's working.</summary>
/// <param name="Term">What it is.</param>
/// <param name="Formula">How it was reckoned, with the numbers put in.</param>
/// <param name="Seconds">The result in seconds.</param>
public sealed record SpeedLine(string Term, string Formula, double Seconds)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(SpeedLine), PrintMembers);
}
