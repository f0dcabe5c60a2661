using LlmMath.Speed.Pass;

namespace LlmMath.Speed.Serving;

/// <summary>What takes most of the time between tokens.</summary>
internal static class Bottlenecks
{
    public static Bottleneck Of(in ServingTime time, Workload workload)
    {
        double yield = workload.Speculation?.TokensPerStep ?? 1;
        PassTime step = time.Step;
        (Bottleneck most, double seconds) = (Bottleneck.WeightBandwidth, step.Weights);
        Take(Bottleneck.CacheBandwidth, step.Cache, ref most, ref seconds);
        Take(Bottleneck.Compute, step.Products, ref most, ref seconds);
        Take(Bottleneck.Attention, step.Attention, ref most, ref seconds);
        Take(Bottleneck.Communication, step.Communication, ref most, ref seconds);
        Take(Bottleneck.Overhead, step.Overhead, ref most, ref seconds);
        Take(Bottleneck.ActivationBandwidth, step.Activations, ref most, ref seconds);
        Take(Bottleneck.InterleavedPrefill, time.Interleaved * yield, ref most, ref seconds);
        return most;
    }

    private static void Take(Bottleneck candidate, double time, ref Bottleneck most, ref double seconds) =>
        (most, seconds) = time > seconds ? (candidate, time) : (most, seconds);
}
