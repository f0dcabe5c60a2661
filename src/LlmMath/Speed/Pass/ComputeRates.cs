using LlmMath.Architectures;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>The peak rates at which a GPU multiplies weights of a format, in operations a second.</summary>
/// <param name="Wide">For weights of more than 8 bits, and for those that are dequantized before they are multiplied.</param>
/// <param name="Eight">For 8-bit weights.</param>
/// <param name="Four">For 4-bit weights.</param>
/// <param name="IsEightNative">Whether 8-bit weights are multiplied as such, not widened.</param>
/// <param name="Dequantizes">Whether the GPU lacks a rate for the format's elements, so that weights are widened to 16
/// bits.</param>
internal readonly record struct ComputeRates(double Wide, double Eight, double Four, bool IsEightNative, bool Dequantizes)
{
    /// <summary>Whether what enters packed weights is rounded to their width too.</summary>
    public bool RoundsActivations { get; init; }

    /// <summary>The rates of a GPU for a weight format. Floats of 8 and 4 bits and 8-bit integers (activations quantized too) run
    /// at their own rate where the GPU has one; weight-only formats are widened to 16 bits in the kernel.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="format">The weights' format.</param>
    /// <param name="sumsInHalf">Whether products of 16-bit floats are summed in 16 bits.</param>
    /// <param name="quantizesActivations">Whether packed weights are multiplied as 8-bit integers.</param>
    /// <exception cref="EstimateException">No rate of the GPU is in the catalog.</exception>
    public static ComputeRates Of(Gpu gpu, WeightFormat format, bool sumsInHalf = false, bool quantizesActivations = false)
    {
        PeakRates r = gpu.PeakRates;
        double wide = format.Products == ProductFormat.Single ? r.Tf32 ?? r.Fp32 ?? 0
            : (sumsInHalf ? r.Fp16Accumulate16 : null) ?? r.Bf16 ?? r.Fp16 ?? r.Fp16Accumulate16 ?? gpu.Measured?.Bf16
                ?? r.Fp32 ?? 0;
        // Without a peak of 16 bits, what somebody measured stands for it. Where 16-bit floats are slower than fp32 (Pascal),
        // engines multiply in fp32.
        wide = Math.Max(wide, r.Fp32 ?? 0);
        if (wide == 0)
        {
            throw new EstimateException("Gpu", $"no 16-bit or fp32 rate of {gpu.Name} is in the catalog.",
                "Give a GPU with PeakRates.");
        }

        (double? eight, double? four, bool isNative) = format.Products switch
        {
            ProductFormat.Integer8 => (r.Int8, null, true),
            ProductFormat.Float4 => (r.Fp8, r.Fp4, true),
            ProductFormat.Float8 => (r.Fp8, null, true),
            _ when quantizesActivations => (r.Int8, r.Int8, false),
            _ => ((double?)null, (double?)null, false),
        };
        bool lacks = isNative && (format.Products == ProductFormat.Float4 ? four : eight) is null;
        return new(wide, eight ?? wide, four ?? wide, eight is not null, lacks)
        {
            RoundsActivations = isNative && !lacks,
        };
    }

    /// <summary>Seconds of multiplying a token by matrices at the peak rate.</summary>
    /// <param name="work">The matrices.</param>
    /// <param name="fourBitFactor">Factor on the rate of 4-bit weights.</param>
    /// <param name="eightBitFactor">Factor on the rate of 8-bit weights that are not widened.</param>
    public double SecondsPerToken(in MatrixWork work, double fourBitFactor, double eightBitFactor) =>
        2 * ((work.Wide / Wide) + (work.Eight / (IsEightNative ? Eight * eightBitFactor : Eight))
            + (work.Four / (Four * fourBitFactor)));
}
