namespace LlmMath.Speed;

/// <summary>Which of an engine's generations stands for a GPU, and how far that can be trusted.</summary>
internal static class EngineChoice
{
    // How much wider a range is, as an exponent of its factors: residuals of a whole generation left out of the fit spread about half again
    // as wide as those of a GPU left out; a vendor's whose hardware no row shows three times off (AMD, prompts in llama.cpp).
    private const double InterpolatedWidth = 1.2, ExtrapolatedWidth = 1.6, OtherVendorWidth = 5.5;

    public static (EngineGeneration Generation, Basis Basis) Of(EngineProfile engine, Gpu gpu)
    {
        EngineGeneration? sameGeneration = null;
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (generation.Architecture == "any")
            {
                return (generation, Basis.Bound);
            }

            if (Contains(generation.Gpus, gpu.Name))
            {
                return (generation, Basis.Measured);
            }

            // Grace Blackwell Ultra is Blackwell, but Ampere GA100 rather itself than Ampere. Of several entries the last is what its GPUs share.
            if (gpu.Architecture is { } architecture && architecture.Contains(generation.Architecture, StringComparison.OrdinalIgnoreCase)
                && generation.Architecture.Length >= (sameGeneration?.Architecture.Length ?? 0))
            {
                sameGeneration = generation;
            }
        }

        return sameGeneration is null ? (Nearest(engine, gpu), Basis.Extrapolated) : (sameGeneration, Basis.Interpolated);
    }

    /// <summary>A range as wide as its basis asks for.</summary>
    /// <param name="spread">The range of hardware that was measured.</param>
    /// <param name="basis">What an estimate rests on.</param>
    /// <param name="knowsVendor">Whether other hardware of its vendor was measured.</param>
    public static Spread Widened(Spread spread, Basis basis, bool knowsVendor)
    {
        double exponent = basis switch
        {
            Basis.Interpolated => InterpolatedWidth,
            Basis.Extrapolated => knowsVendor ? ExtrapolatedWidth : OtherVendorWidth,
            _ => 1,
        };
        return exponent == 1 ? spread : new(Math.Pow(spread.Low, exponent), Math.Pow(spread.High, exponent));
    }

    /// <summary>Whether an engine was measured on a vendor's hardware.</summary>
    public static bool KnowsVendor(EngineProfile engine, Gpu gpu)
    {
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (generation.Rows > 0 && string.Equals(generation.Vendor, gpu.Vendor, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Of the same vendor's, the last: what most of it shares; else the last of all.
    private static EngineGeneration Nearest(EngineProfile engine, Gpu gpu)
    {
        EngineGeneration nearest = engine.Generations[engine.Generations.Count - 1];
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (string.Equals(generation.Vendor, gpu.Vendor, StringComparison.OrdinalIgnoreCase))
            {
                nearest = generation;
            }
        }

        return nearest;
    }

    private static bool Contains(ValueList<string> names, string name)
    {
        foreach (string other in names)
        {
            if (other == name)
            {
                return true;
            }
        }

        return false;
    }
}
