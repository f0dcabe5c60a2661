using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Engines.Kernels;
using LlmMath.Placement.Work;
using LlmMath.Speed.Kernels;

namespace LlmMath.Speed.Pass;

/// <summary>
/// Where replicas of attention share experts: their tokens go to the experts' GPUs, and results come back, in each layer with
/// experts. Engines either gather all tokens on all GPUs and scatter the sums, or route each token to the GPUs of its experts
/// alone (<see cref="EngineSpeed.AllToAll"/> says who does). Bytes are those that a GPU sends or receives from others.
/// </summary>
internal static class TokenExchange
{
    // The fewest bits that a number takes to an expert (NVFP4) and back (8-bit floats) in any engine.
    private const double FewestThere = 4.5, FewestBack = 8;

    /// <summary>Seconds of a pass; <paramref name="tokens"/> are those of one replica.</summary>
    public static double Of(in DeployedModel on, EngineConstants c, double tokens, PassParts? parts)
    {
        if (on.AttentionReplicas == 1 || on.Work.MixtureLayers == 0)
        {
            return 0;
        }

        // Of one exchange: the mean of there and back.
        (double bytes, double seconds) = on.Kernels is not { } kernels ? Unmeasured(on, c, tokens)
            : on.AllToAll is { } exchange ? Routed(on, c, kernels, exchange, tokens) : Gathered(on, c, kernels.Device, tokens);
        double times = 2 * on.Work.MixtureLayers;
        parts?.Add(on.AllToAll is null || on.Kernels is null ? "exchange with the experts" : "all-to-all with the experts", times,
            bytes, PassMeasure.Sent, on.LinkBytesPerSecond, times * seconds);
        return times * seconds;
    }

    /// <summary>
    /// GPUs that a token goes to, where each of its k experts lies on any of G as likely and apart from the others:
    /// <c>G·(1 − (1 − 1/G)^k)</c>.
    /// </summary>
    public static double GpusOf(double experts, int gpus) => KernelWork.Touched(experts, gpus);

    // Each GPU of a replica sends its share of the tokens in the bits that experts multiply, and gets results in 16 back.
    private static (double Bytes, double Seconds) Routed(in DeployedModel on, EngineConstants c, DeployedKernels kernels,
        ExpertExchange exchange, double tokens)
    {
        ExpertProduct experts = kernels.Products.Experts[0];
        double copies = exchange.SendsPerExpert ? experts.Active : GpusOf(experts.Active, on.Expert);
        double numbers = tokens / on.Tensor * copies * on.Work.HiddenSize;
        double there = numbers * kernels.ExpertFormatOf(experts.Width).ActivationBits() / 8, back = numbers * 2;
        double seconds = (kernels.Device.AllToAll(there, on.Expert) + kernels.Device.AllToAll(back, on.Expert)) / 2;
        return AtLeast(on, (there + back) / 2, c.CollectiveFactor * seconds);
    }

    private static (double Bytes, double Seconds) Gathered(in DeployedModel on, EngineConstants c, DeviceKernels device,
        double tokens)
    {
        double all = tokens * on.WorkingReplicas * on.Work.HiddenSize * 2;
        double seconds = (device.AllGather(all, on.Expert) + device.ReduceScatter(all, on.Expert)) / 2;
        return AtLeast(on, all, c.CollectiveFactor * seconds);
    }

    // The bound is that of routing: gathering moves no less.
    private static (double Bytes, double Seconds) Unmeasured(in DeployedModel on, EngineConstants c, double tokens)
    {
        double share = tokens / on.Tensor * on.Work.HiddenSize;
        if (!on.IsBound)
        {
            double bytes = 8 * share;
            return (bytes, bytes / (on.LinkBytesPerSecond * c.LinkEfficiency));
        }

        return AtLeast(on, share * GpusOf(on.Work.Experts[0].Active, on.Expert) * (FewestThere + FewestBack) / 2 / 8, 0);
    }

    // What a GPU sends itself crosses no link.
    private static (double Bytes, double Seconds) AtLeast(in DeployedModel on, double bytes, double seconds)
    {
        double others = bytes * (on.Expert - 1) / on.Expert;
        return (others, Math.Max(seconds, others / on.LinkBytesPerSecond));
    }
}
