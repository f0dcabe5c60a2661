using LlmMath.Engines;
using LlmMath.Speed.Pass;

namespace LlmMath.Speed;

/// <summary>How much longer the bound of the hardware takes on one GPU than on another, at least.</summary>
internal static class PeakRatio
{
    /// <summary>
    /// s = min(peak of the other ÷ peak of this one) over bandwidth, the rates of the weights' format and, between GPUs, the
    /// link: T ≥ s · T of the other. Every part of a bound's pass is an amount ÷ a peak; sums and greatest of them are s times
    /// as long where every peak is 1 ÷ s of what it was. 0 where a figure is not known.
    /// </summary>
    /// <param name="gpu">This GPU.</param>
    /// <param name="other">The other, of which all figures are known.</param>
    /// <param name="format">The weights' format.</param>
    /// <param name="gpus">GPUs of a replica.</param>
    public static double Of(Gpu gpu, Gpu other, WeightFormat format, int gpus)
    {
        EngineSpeed speed = EngineCatalog.Bound.KnownSpeed();
        if (gpu.BytesPerSecond is not { } bandwidth || (gpus > 1 && gpu.LinkBytesPerSecond == 0)
            || !(gpu.PeakRates is { Bf16: > 0 } or { Fp16: > 0 } or { Fp16Accumulate16: > 0 } or { Fp32: > 0 }))
        {
            return 0;
        }

        ComputeRates these = Rates(gpu), those = Rates(other);
        double least = Math.Min(other.BytesPerSecond!.Value / bandwidth, Math.Min(those.Wide / these.Wide,
            Math.Min(those.Eight / these.Eight, those.Four / these.Four)));
        least = gpus == 1 ? least : Math.Min(least, other.LinkBytesPerSecond / gpu.LinkBytesPerSecond);
        return least > 0 ? least : 0;

        ComputeRates Rates(Gpu of) => ComputeRates.Of(of, format, speed.SumsInHalf, speed.QuantizesActivations);
    }
}
