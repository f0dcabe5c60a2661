using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Speed;

/// <summary>What a reader should know about an estimate.</summary>
internal static class SpeedWarnings
{
    // Below this share of the requests that could write, reading holds the others up.
    private const double NarrowShare = 0.75;

    public static ValueList<string> Of(in InferenceEstimate e)
    {
        var warnings = new List<string>();
        MemoryFit? fit = e.Deployment.Memory(e.Workload).Fit;
        if (fit is { Fits: false } misfit)
        {
            warnings.Add($"{e.Deployment.Model.Name} does not fit {misfit.Gpu}: {misfit.Need} of {misfit.Room}.");
        }

        if (OfBasis(e) is { } basis)
        {
            warnings.Add(basis);
        }

        warnings.AddRange(OfOwnRows(e));
        if (e.Deployment.Prefill is not null && e.Basis != Basis.Bound)
        {
            warnings.Add("No measurement with prompts on GPUs of their own was fitted: errors are larger than the range says.");
            warnings.AddRange(OfNarrowSide(e));
        }

        if (e.Workload.Speculation is { TokensPerStepRange: { } yields } drafts && e.Basis != Basis.Bound)
        {
            double random = drafts.TokensPerStep * yields.Low;
            warnings.Add(FormattableString.Invariant($"{drafts.TokensPerStep:0.#} tokens a step are those of coding; of random ")
                + FormattableString.Invariant($"tokens, as load generators send, it may be {random:0.#}."));
        }

        if (e.Workload.Speculation is not null && DraftBlocks.Missing(e.Deployment) is { } missing)
        {
            warnings.Add(missing);
        }

        int servers = e.Deployment.Placement.Data;
        if (e.Workload.Speculation is not null && e.Engine.Speed?.DraftedRequests is { } most
            && e.Workload.Requests > (long)most * servers)
        {
            warnings.Add($"{e.Engine} runs {N((long)most)} requests at once where tokens are drafted, unless it is started with "
                + $"a higher limit: one of {N((long)((e.Workload.Requests + servers - 1) / servers))} is taken here.");
        }

        if (e.DequantizesWeights)
        {
            warnings.Add(
                $"{e.Gpu} has no {e.Deployment.Weights} rate: weights are widened to 16 bits before they are multiplied.");
        }

        if (RoundsLong(e))
        {
            warnings.Add("What enters the experts is rounded by kernels of its own, which take more than half as long as reading "
                + "weights: with so few tokens, weights of more bits may be as fast.");
        }

        PeakRates rates = e.Gpu.PeakRates;
        if (e.Deployment.Weights.Products != ProductFormat.Single && (rates.Bf16 ?? rates.Fp16 ?? rates.Fp16Accumulate16) is null)
        {
            warnings.Add($"No source gives the 16-bit rate of {e.Gpu}: its FP32 rate stands in, and prompts may be read faster.");
        }

        if (e.RunningRequests < e.Workload.Requests)
        {
            warnings.Add(
                $"The cache has room for {N((long)e.RunningRequests)} requests of this length at once: the others wait.");
        }

        warnings.AddRange(OfSharing(e));
        if (fit?.Warning is { } caution)
        {
            warnings.Add(caution);
        }

        return [.. warnings];
    }

    // GPUs that share layers, or stages, may make a time longer than half as many would: said with the reason, where these hold
    // the model too.
    private static IEnumerable<string> OfSharing(InferenceEstimate e)
    {
        Parallelism over = e.Deployment.Placement;
        (Parallelism Half, string Why)[] halves =
        [
            (over with { Tensor = over.Tensor / 2 }, $"each layer's sums cross the link between GPUs ({Link(e)})"),
            (over with { Pipeline = over.Pipeline / 2 }, "a request passes one stage after the other"),
        ];
        if (e.Deployment.Prefill is not null || over.Expert > 0 || e.Basis == Basis.Bound)
        {
            yield break;
        }

        foreach ((Parallelism half, string why) in halves)
        {
            if (half.Gpus == 0 || half.Gpus * 2 != over.Gpus
                || (e.Deployment with { Placement = half }).Speed(e.Workload) is not { Fits: not false } other)
            {
                continue;
            }

            string[] slower =
            [
                .. Slower("the first token", e.TimeToFirstToken, other.TimeToFirstToken),
                .. Slower("the time between tokens", e.InterTokenLatency, other.InterTokenLatency),
            ];
            if (slower.Length > 0)
            {
                yield return $"{N((long)half.Gpus)} of these {N((long)over.Gpus)} GPUs would be faster in "
                    + $"{string.Join(" and ", slower)}: {why}, which takes more than the others save.";
            }
        }

        static IEnumerable<string> Slower(string what, TimeRange now, TimeRange half) =>
            now.Expected > half.Expected ? [what] : [];
    }

    private static string Link(in InferenceEstimate e) => e.Deployment.Node.LinkBytesPerSecond is not null
        ? "as the machine has it" : e.Gpu.Interconnect ?? FormattableString.Invariant($"PCIe {e.Gpu.PcieGeneration}");

    private static bool RoundsLong(in InferenceEstimate e)
    {
        var known = DeployedSpeed.Of(e.Deployment.Placed);
        double rounded = Launches.RoundedLayers(known.On.Work, known.On.Launched) * known.Constants.RoundedLayerSeconds;
        return rounded > 0
            && rounded > known.TimeOf(ServingLoad.Of(e.Deployment.Placed, e.Workload)).Time.Step.Weights / 2;
    }

    // Requests that neither write nor are read alone wait for prompts before theirs.
    private static IEnumerable<string> OfNarrowSide(InferenceEstimate e)
    {
        if (e.SteadyStateRequests < NarrowShare * Math.Min(e.RunningRequests, e.Workload.Requests))
        {
            yield return $"The GPUs that read prompts are the narrow side: of {N((long)e.Workload.Requests)} requests "
                + $"{N((long)Math.Round(e.SteadyStateRequests))} write, the others wait for a prompt to be read.";
        }
    }

    private static IEnumerable<string> OfOwnRows(InferenceEstimate e)
    {
        if (e.Engine.Speed is not { Own: { Count: > 0 } rows })
        {
            yield break;
        }

        if (DeployedSpeed.Of(e.Deployment.Placed).Own is not { } own)
        {
            yield return $"What was measured of {e.Engine} is of {string.Join(", ", rows.Select(row => row.Gpu).Distinct())}"
                + $"{(rows[0].Backend is { } with ? $" with {with}" : "")}: it says nothing of this estimate.";
            yield break;
        }

        long parameters = e.Deployment.Model.ParameterCount();
        int same = own.Rows.Count(row => row.Place.Parameters == parameters);
        yield return $"{N((long)own.Rows.Count)} of your own measurements moved this estimate, {N((long)same)} of them of this "
            + $"model{(same == 0 ? ": of another model they say little" : "")}.";
        foreach (OwnTime row in own.Contradicting)
        {
            yield return $"{row.Row} contradicts the other measurements, and hardly counts: {Short(row.MeasuredMilliseconds)} ms "
                + $"where the profile gives {Short(row.ProfileMilliseconds)} ms.";
        }
    }

    /// <summary>What an estimate rests on, in a sentence.</summary>
    public static string OfEvidence(in InferenceEstimate e)
    {
        string engine = e.Engine.ToString(), kind = e.Deployment.Placed.Work.Traits.ToString();
        kind = e.Workload.Speculation is null ? kind : $"{kind}, with drafted tokens";
        string hardware = e.Deployment.Placed.HostWork is null || e.Gpu.IsProcessor ? e.Gpu.ToString()
            : $"{e.Gpu} with {e.Deployment.Node.Host?.ToString() ?? "a processor that is not named"}";
        string rests = e.Basis switch
        {
            Basis.Measured => $"{Of(e.EvidenceRows, "row")} of {Of(e.EvidenceSources, "source")} "
                + $"{(e.EvidenceRows == 1 ? "is" : "are")} of {engine} on {e.Gpu} with such a model ({kind}).",
            Basis.KernelsMeasured => $"No row is of {engine} on {e.Gpu} with such a model ({kind}): each kernel that it needs "
                + "was timed there by itself, and the engine's own time is that of other models.",
            Basis.Interpolated => $"No row is of {engine} on {hardware} with such a model ({kind}): its parts were measured "
                + "apart, on other GPUs of this generation or with other models.",
            Basis.Extrapolated => $"No row of {engine} tells of such hardware, such layers or such weights ({kind} on "
                + $"{hardware}): the nearest that was measured stands in.",
            _ => "Nothing was measured: every peak reached, nothing else taking time.",
        };
        return e.Basis == Basis.Bound || EvidenceCatalog.Of(e.Engine.Name) is not { SourceFactor: > 1 } of ? rests
            : $"{rests} All rows of {engine} are of one source: for that its ranges are wider, their factors to the power of "
                + $"{Short(of.SourceFactor)}.";
    }

    private static string Of(int count, string noun) => $"{N((long)count)} {noun}{(count == 1 ? "" : "s")}";

    private static string? OfBasis(in InferenceEstimate e) => e.Basis switch
    {
        Basis.KernelsMeasured or Basis.Interpolated or Basis.Extrapolated => OfEvidence(e),
        Basis.Bound => "Nothing was measured: every peak reached, nothing else taking time. Real engines take longer.",
        _ => null,
    };
}
