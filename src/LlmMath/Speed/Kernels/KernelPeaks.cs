using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>What bounds the kernels of a variant on a GPU.</summary>
/// <param name="Bits">Bits of what they read most: of a weight, or of a cached number.</param>
/// <param name="ActivationBits">Bits of a number read or written beside it.</param>
/// <param name="BytesPerSecond">Bandwidth of the memory, or of the link in one direction for collectives.</param>
/// <param name="Rate">Dense peak rate in operations a second.</param>
/// <param name="Sparse">What sparse attention does; of other operators nothing.</param>
/// <param name="IsConvolution">Whether it is the short convolution of a recurrent layer, not the recurrence.</param>
internal readonly record struct KernelPeaks(double Bits, double ActivationBits, double BytesPerSecond, double Rate,
    SparseWork Sparse = default, bool IsConvolution = false)
{
    /// <summary>Seconds of moving the least bytes at a point.</summary>
    public double Reading(KernelOperator kind, ReadOnlySpan<double> sizes) =>
        Work(kind, sizes).Bytes / BytesPerSecond;

    /// <summary>Seconds of the operations at a point; 0 where there are none.</summary>
    public double Computing(KernelOperator kind, ReadOnlySpan<double> sizes) =>
        Work(kind, sizes).Operations is > 0 and var operations ? operations / Rate : 0;

    /// <summary>Seconds of the longer of both.</summary>
    public double Least(KernelOperator kind, ReadOnlySpan<double> sizes)
    {
        var work = Work(kind, sizes);
        return Math.Max(work.Bytes / BytesPerSecond, work.Operations > 0 ? work.Operations / Rate : 0);
    }

    private KernelWork Work(KernelOperator kind, ReadOnlySpan<double> sizes) =>
        kind is KernelOperator.PrefillSparse or KernelOperator.DecodeSparse
            ? Sparse.At(kind, Bits, sizes)
            : IsConvolution ? KernelWork.Convolution(kind, sizes) : KernelWork.Of(kind, Bits, ActivationBits, sizes);

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
            // Caches of 16 bits and of 8 were timed together.
            case KernelOperator.PrefillSparse or KernelOperator.DecodeSparse:
                return new(8, 16, bytesPerSecond, KernelFormat.Fp8.Rate(gpu.PeakRates),
                    SparseWork.Of(KernelVariants.SparseKind(variant)));
            case KernelOperator.Decode or KernelOperator.DecodeLatent or KernelOperator.Prefill or KernelOperator.PrefillLatent:
                bool isCacheEight = !variant.StartsWith("bf16", StringComparison.Ordinal);
                return new(isCacheEight ? 8 : 16, 16, bytesPerSecond,
                    variant.StartsWith("fp8_fp8", StringComparison.Ordinal)
                        || (isCacheEight && kind is KernelOperator.Decode or KernelOperator.DecodeLatent)
                        ? KernelFormat.Fp8.Rate(gpu.PeakRates) : wide);
            case KernelOperator.PrefillRecurrent or KernelOperator.DecodeRecurrent:
                return new(16, 16, bytesPerSecond, wide,
                    IsConvolution: variant.EndsWith(KernelVariants.Convolution, StringComparison.Ordinal));
            case >= KernelOperator.AllReduce:
                return new(16, 16, gpu.LinkBytesPerSecond / 2, wide);
            default:
                return new(16, 16, bytesPerSecond, wide);
        }
    }
}
