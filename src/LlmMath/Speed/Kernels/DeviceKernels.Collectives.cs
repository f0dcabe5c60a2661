using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Collectives between the GPUs of a node; none is faster than the link. One GPU needs none: 0.</summary>
internal sealed partial class DeviceKernels
{
    /// <summary>Seconds of summing <paramref name="bytes"/> over <paramref name="gpus"/>, the sum to each. The bound: each
    /// sends and
    /// receives the message once (a switch that sums needs no more).</summary>
    public double AllReduce(double bytes, int gpus) => Collective(KernelOperator.AllReduce, bytes, gpus);

    /// <summary>Seconds until each of <paramref name="gpus"/> has the whole of <paramref name="bytes"/>, of which each
    /// brings its
    /// part.</summary>
    public double AllGather(double bytes, int gpus) => Collective(KernelOperator.AllGather, bytes, gpus);

    /// <summary>Seconds until each of <paramref name="gpus"/> has its part of the sum of <paramref name="bytes"/>.</summary>
    public double ReduceScatter(double bytes, int gpus) => Collective(KernelOperator.ReduceScatter, bytes, gpus);

    /// <summary>Seconds until each of <paramref name="gpus"/> has sent its tokens to the GPUs that hold their experts, or had
    /// results back: <paramref name="bytes"/> of one GPU, what it sends itself included.</summary>
    public double AllToAll(double bytes, int gpus) => Collective(KernelOperator.AllToAll, bytes, gpus);

    private double Collective(KernelOperator kind, double bytes, int gpus)
    {
        if (gpus <= 1)
        {
            return 0;
        }

        if (_linkBytesPerSecond <= 0)
        {
            throw new EstimateException("Gpu", $"{_gpu.Name} has no link in the catalog.",
                "Give a GPU with InterconnectBytesPerSecond or PcieGeneration.");
        }

        KernelWork least = KernelWork.Of(kind, 16, 16, [bytes, gpus]);
        return Floor(Table(kind, 0).Seconds(1, 1, bytes, gpus), least, 1, _linkBytesPerSecond);
    }
}
