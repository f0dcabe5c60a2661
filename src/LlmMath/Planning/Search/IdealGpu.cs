namespace LlmMath.Planning.Search;

/// <summary>A GPU that no other beats in anything.</summary>
internal static class IdealGpu
{
    // More than any model has, as often as any search asks for it.
    private const long Memory = 1L << 50;

    /// <summary>The best figures of all GPUs together.</summary>
    public static Gpu Of(IReadOnlyCollection<Gpu> all)
    {
        return new()
        {
            Name = "ideal", DisplayName = "the best figures of all GPUs", Vendor = "none",
            Memory = new(Memory),
            BytesPerSecond = all.Max(gpu => gpu.BytesPerSecond),
            InterconnectBytesPerSecond = all.Max(gpu => gpu.LinkBytesPerSecond),
            PeakRates = new()
            {
                Fp32 = Best(rates => rates.Fp32), Tf32 = Best(rates => rates.Tf32), Bf16 = Best(rates => rates.Bf16),
                Fp16 = Best(rates => rates.Fp16), Fp16Accumulate16 = Best(rates => rates.Fp16Accumulate16),
                Fp8 = Best(rates => rates.Fp8), Int8 = Best(rates => rates.Int8), Fp4 = Best(rates => rates.Fp4),
                Int4 = Best(rates => rates.Int4),
            },
        };

        double? Best(Func<PeakRates, double?> rate) => all.Max(gpu => rate(gpu.PeakRates));
    }
}
