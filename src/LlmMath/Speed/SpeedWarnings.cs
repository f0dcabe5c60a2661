using LlmMath.Architectures;
using LlmMath.Engines;
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

        if (e.DequantizesWeights)
        {
            warnings.Add(
                $"{e.Gpu} has no {e.Deployment.Weights} rate: weights are widened to 16 bits before they are multiplied.");
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

        if (fit?.Warning is { } caution)
        {
            warnings.Add(caution);
        }

        return [.. warnings];
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

    private static string? OfBasis(in InferenceEstimate e) => e.Basis switch
    {
        Basis.Interpolated =>
            $"{e.Engine} was measured on other GPUs of this generation, not on {e.Gpu}: the range is wider.",
        Basis.Extrapolated => $"{e.Engine} was not measured on {e.Gpu.Architecture ?? "this hardware"}: "
            + "what other hardware reaches stands in for it, and the range is wide.",
        Basis.Bound => "Nothing was measured: every peak reached, nothing else taking time. Real engines take longer.",
        _ => null,
    };
}
