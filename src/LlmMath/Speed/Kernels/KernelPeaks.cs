using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>What bounds the kernels of a variant on a GPU.</summary>
/// <param name="Bits">Bits of what they read most: of a weight, or of a cached number.</param>
/// <param name="ActivationBits">Bits of a number read or written beside it.</param>
/// <param name="BytesPerSecond">Bandwidth of the memory, or of the link in one direction for collectives.</param>
/// <param name="Rate">Dense peak rate in operations a second.</param>
internal readonly record struct KernelPeaks(double Bits, double ActivationBits, double BytesPerSecond, double Rate)
{
    /// <summary>Seconds of moving the least bytes at a point.</summary>
    public double Reading(KernelOperator kind, ReadOnlySpan<double> sizes) =>
        KernelWork.Of(kind, Bits, ActivationBits, sizes).Bytes / BytesPerSecond;

    /// <summary>Seconds of the operations at a point; 0 where there are none.</summary>
    public double Computing(KernelOperator kind, ReadOnlySpan<double> sizes) =>
        KernelWork.Of(kind, Bits, ActivationBits, sizes).Operations is > 0 and var operations ? operations / Rate : 0;

    /// <summary>Seconds of the longer of both.</summary>
    public double Least(KernelOperator kind, ReadOnlySpan<double> sizes)
    {
        var work = KernelWork.Of(kind, Bits, ActivationBits, sizes);
        return Math.Max(work.Bytes / BytesPerSecond, work.Operations > 0 ? work.Operations / Rate : 0);
    }

    /// <summary>The peaks of a variant as <see cref="KernelVariants"/> names it.</summary>
    /// <param name="kind">What the kernels do.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="gpu">The GPU; its bandwidth is known.</param>
    public static KernelPeaks Of(KernelOperator kind, string variant, Gpu gpu)
    {
        double bytesPerSecond = gpu.BytesPerSecond ?? 0, wide = KernelFormat.Bf16.Rate(gpu.PeakRates);
        switch (kind)
        {
            case KernelOperator.Product or KernelOperator.Experts or KernelOperator.Rounding:
                KernelFormat format = KernelFormats.Of(variant.Split('/')[0]);
                return new(format.WeightBits(), kind == KernelOperator.Rounding ? format.ActivationBits() : 16, bytesPerSecond,
                    format.Rate(gpu.PeakRates));
            case KernelOperator.PrefillSparse or KernelOperator.DecodeSparse:
                KernelFormat weights = KernelFormats.Of(variant[(variant.IndexOf('/', StringComparison.Ordinal) + 1)..]);
                return new(weights.WeightBits(), 16, bytesPerSecond, weights.Rate(gpu.PeakRates));
            case KernelOperator.Decode or KernelOperator.DecodeLatent or KernelOperator.Prefill or KernelOperator.PrefillLatent:
                bool isCacheEight = !variant.StartsWith("bf16", StringComparison.Ordinal);
                return new(isCacheEight ? 8 : 16, 16, bytesPerSecond,
                    variant.StartsWith("fp8_fp8", StringComparison.Ordinal)
                        || (isCacheEight && kind is KernelOperator.Decode or KernelOperator.DecodeLatent)
                        ? KernelFormat.Fp8.Rate(gpu.PeakRates) : wide);
            case >= KernelOperator.AllReduce:
                return new(16, 16, gpu.LinkBytesPerSecond / 2, wide);
            default:
                return new(16, 16, bytesPerSecond, wide);
        }
    }
}
