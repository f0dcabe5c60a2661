namespace LlmMath.Speed;

/// <summary>Which of an engine's generations stands for a GPU, and how far that can be trusted.</summary>
internal static class EngineChoice
{
    // How much wider a range is, as an exponent of its factors: residuals of a whole generation left out of the fit spread about half again
    // as wide as those of a GPU left out.
    private const double InterpolatedWidth = 1.2, ExtrapolatedWidth = 1.6;

    public static (EngineGeneration Generation, Basis Basis) Of(EngineProfile engine, Gpu gpu)
    {
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (generation.Architecture == "any")
            {
                return (generation, Basis.Bound);
            }

            if (string.Equals(generation.Architecture, gpu.Architecture, StringComparison.OrdinalIgnoreCase))
            {
                return (generation, Contains(generation.Gpus, gpu.Name) ? Basis.Measured : generation.Rows > 0 ? Basis.Interpolated : Basis.Extrapolated);
            }
        }

        return (Nearest(engine, gpu), Basis.Extrapolated);
    }

    /// <summary>A range as wide as its basis asks for.</summary>
    public static Spread Widened(Spread spread, Basis basis) => basis switch
    {
        Basis.Interpolated => new(Math.Pow(spread.Low, InterpolatedWidth), Math.Pow(spread.High, InterpolatedWidth)),
        Basis.Extrapolated => new(Math.Pow(spread.Low, ExtrapolatedWidth), Math.Pow(spread.High, ExtrapolatedWidth)),
        _ => spread,
    };

    // Of the same vendor's, the first; else the first of all.
    private static EngineGeneration Nearest(EngineProfile engine, Gpu gpu)
    {
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (string.Equals(generation.Vendor, gpu.Vendor, StringComparison.OrdinalIgnoreCase))
            {
                return generation;
            }
        }

        return engine.Generations[0];
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
