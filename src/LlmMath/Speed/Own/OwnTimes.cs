using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Speed.Own;

/// <summary>What was measured on one's own machine, as far as it is of a deployment's GPU, backend and processor.</summary>
internal sealed class OwnTimes
{
    // A row that counts less lies three standard deviations of its own part and more from what the others leave.
    private const double Doubtful = 0.4;

    private OwnTimes(IReadOnlyList<OwnTime> rows, DeployedSpeed of, Spread firstMeasured, Spread interMeasured)
    {
        Rows = rows;
        OwnTime[] prompts = [.. rows.Where(row => row.Time != MeasuredTime.BetweenTokens)];
        OwnTime[] tokens = [.. rows.Where(row => row.Time == MeasuredTime.BetweenTokens)];
        Prompts = prompts.Length == 0 ? null
            : OwnPosterior.Of(prompts, OwnShares.Prompt.Widened(firstMeasured, of.OfHardware.First), of.OfHardware.First);
        BetweenTokens = tokens.Length == 0 ? null
            : OwnPosterior.Of(tokens, OwnShares.BetweenTokens.Widened(interMeasured, of.OfHardware.Inter), of.OfHardware.Inter);
        Contradicting = [.. Doubted(prompts, Prompts), .. Doubted(tokens, BetweenTokens)];
    }

    /// <summary>The rows.</summary>
    public IReadOnlyList<OwnTime> Rows { get; }

    /// <summary>What they say of reading prompts; null where none is of that.</summary>
    public OwnPosterior? Prompts { get; }

    /// <summary>What they say of the time between tokens; null where none is of that.</summary>
    public OwnPosterior? BetweenTokens { get; }

    /// <summary>Rows that the others contradict, so that they hardly count.</summary>
    public IReadOnlyList<OwnTime> Contradicting { get; }

    /// <summary>Those of a deployment; null where none is.</summary>
    /// <param name="own">The engine's.</param>
    /// <param name="of">The deployment's speed without them.</param>
    /// <param name="backend">The backend that it is reckoned with.</param>
    /// <param name="first">The range of the first token of hardware that was measured.</param>
    /// <param name="inter">The same between tokens.</param>
    public static OwnTimes? Of(ValueList<OwnTime> own, DeployedSpeed of, string? backend, Spread first, Spread inter)
    {
        PlacedModel model = of.On.Model;
        OwnTime[] rows = [.. own.Where(row => row.Gpu == model.KnownGpu.Name && row.Backend == backend
            && (row.Host is null || of.On.Host is null || row.Host == model.Of.Node.Host?.Name))];
        return rows.Length == 0 ? null : new(rows, of, first, inter);
    }

    /// <summary>Where tensors lie and over how many GPUs, in words that are the same for the same.</summary>
    public static string LayoutOf(Deployment deployment)
    {
        Parallelism over = deployment.Placement;
        return $"{deployment.Tensors?.ToString() ?? "all on the GPU"}, TP {over.Tensor} PP {over.Pipeline} DP {over.Data} "
            + $"EP {over.Expert}{(deployment.FlashAttention ? "" : ", no flash attention")}"
            + (deployment.CopiesHostWeights ? "" : ", none copied");
    }

    /// <summary>The place of a load's prompt, or of the middle of its answer.</summary>
    public static OwnPlace PlaceOf(Deployment deployment, in ServingLoad load, bool isPrompt) => new(
        deployment.Model.ParameterCount(), deployment.Weights.Name, LayoutOf(deployment),
        load.Cached + load.Prompt + (isPrompt ? 0 : load.Output / 2), Math.Max(1, load.Batch));

    /// <summary>The times as the rows correct them, and their ranges. No time is below that of the hardware's bound.</summary>
    public (ServingTime Time, Spread First, Spread Inter) Correct(DeployedSpeed of, in ServingTime time, in ServingLoad load)
    {
        Deployment deployment = of.On.Model.Of;
        var bound = ServingTime.Of(of.On.AtBound, EngineConstants.Bound, load);
        (double first, Spread firstRange) = Prompts?.At(PlaceOf(deployment, load, true)) ?? (1, of.FirstToken);
        (double inter, Spread interRange) = BetweenTokens?.At(PlaceOf(deployment, load, false)) ?? (1, of.InterToken);
        return (time with
        {
            FirstToken = Prompts is null ? time.FirstToken : Math.Max(bound.FirstToken, first * time.FirstToken),
            InterToken = BetweenTokens is null ? time.InterToken : Math.Max(bound.InterToken, inter * time.InterToken),
        }, firstRange, interRange);
    }

    private static IEnumerable<OwnTime> Doubted(OwnTime[] rows, OwnPosterior? learned) =>
        rows.Where((_, i) => learned!.Weights[i] < Doubtful);
}
