using LlmMath.Engines;

namespace LlmMath.Speed;

/// <summary>Which of an engine's generations stands for a GPU, and how far that can be trusted.</summary>
internal static class EngineChoice
{
    // Of an engine from a file, of whose rows nothing is known: residuals of a whole generation left out of the fit spread about
    // half again as wide as those of a GPU left out.
    private static readonly EngineEvidence s_unknown = new()
    {
        Engine = "", Sources = 1, SourceFactor = 1, Seen = [], First = [1, 1, 1.2, 1.6], Inter = [1, 1, 1.2, 1.6],
    };

    // What another vendor's libraries make of a peak comes on top, as a factor: prompts of llama.cpp on AMD took three times what
    // others' shares gave, tokens 1.4 times.
    internal const double OtherVendorPrompt = 3, OtherVendorToken = 1.5;

    public static (EngineGeneration Generation, Basis Basis) Of(EngineSpeed engine, Gpu gpu)
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

            // Grace Blackwell Ultra is Blackwell, but Ampere GA100 rather itself than Ampere. Of several entries the last is what
            // its GPUs share.
            if (gpu.Architecture is { } architecture
                && architecture.Contains(generation.Architecture, StringComparison.OrdinalIgnoreCase)
                && generation.Architecture.Length >= (sameGeneration?.Architecture.Length ?? 0))
            {
                sameGeneration = generation;
            }
        }

        return sameGeneration is null ? (Nearest(engine, gpu), Basis.Extrapolated) : (sameGeneration, Basis.Interpolated);
    }

    /// <summary>The generation that stands for a processor, which multiplies beside a GPU: its own, its generation's, or that of
    /// any processor.</summary>
    public static EngineGeneration OfHost(EngineSpeed engine, Gpu? host)
    {
        EngineGeneration? any = null, like = null;
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (host is not null && Contains(generation.Gpus, host.Name))
            {
                return generation;
            }

            bool isLike = generation.Gpus.Count == 0 && generation.Architecture == host?.Architecture;
            like = isLike ? generation : like;
            any = generation.Architecture == EngineBackend.Processors ? generation : any;
        }

        return like ?? any ?? engine.Generations[engine.Generations.Count - 1];
    }

    /// <summary>What is known of a processor that multiplies beside a GPU: the engine was measured on it, on its generation, or
    /// on neither; of one that nobody names the last.</summary>
    public static Basis BasisOfHost(EngineSpeed engine, Gpu? host)
    {
        Basis found = Basis.Extrapolated;
        foreach (EngineGeneration generation in engine.Generations)
        {
            if (host is not null && Contains(generation.Gpus, host.Name))
            {
                return Basis.Measured;
            }

            found = host?.Architecture is { } of && generation.Architecture == of ? Basis.Interpolated : found;
        }

        return found;
    }

    /// <summary>The ranges of times on a GPU, to the first token and between tokens, as wide as their basis asks for.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">Its name.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="generation">The generation that stands for it.</param>
    /// <param name="basis">What that rests on.</param>
    /// <param name="drafts">Whether tokens are drafted.</param>
    public static (Spread First, Spread Inter) Ranges(
        EngineSpeed engine, string name, Gpu gpu, EngineGeneration generation, Basis basis, bool drafts) =>
        Ranges(EvidenceCatalog.Of(name) ?? s_unknown, engine, gpu, generation, basis, drafts);

    /// <summary>The same, whatever is known of models: by what the engine's constants rest on there.</summary>
    public static (Spread First, Spread Inter) RangesOfHardware(
        EngineSpeed engine, Gpu gpu, EngineGeneration generation, Basis hardware) =>
        Ranges(s_unknown, engine, gpu, generation, hardware, false);

    private static (Spread First, Spread Inter) Ranges(
        EngineEvidence evidence, EngineSpeed engine, Gpu gpu, EngineGeneration generation, Basis basis, bool drafts)
    {
        if (basis == Basis.Bound)
        {
            return (generation.FirstToken, generation.InterToken);
        }

        double factor = evidence.SourceFactor, first = evidence.First[(int)basis], inter = evidence.Inter[(int)basis];
        if (drafts && evidence.Drafted is { } drafted)
        {
            (first, inter) = (Math.Max(first, drafted.First), Math.Max(inter, drafted.Inter));
        }

        bool isElsewhere = basis == Basis.Extrapolated && !KnowsVendor(engine, gpu);
        return (Widened(generation.FirstToken, first * factor, isElsewhere ? OtherVendorPrompt : 1),
            Widened(generation.InterToken, inter * factor, isElsewhere ? OtherVendorToken : 1));
    }

    /// <summary>A range as wide as its basis asks for: errors that do not know of each other add as squares of
    /// logarithms.</summary>
    /// <param name="spread">The range of hardware that was measured.</param>
    /// <param name="exponent">The exponent of its factors.</param>
    /// <param name="beside">A factor that comes on top.</param>
    public static Spread Widened(Spread spread, double exponent, double beside)
    {
        return new(Math.Exp(-Together(spread.Low)), Math.Exp(Together(spread.High)));

        double Together(double factor)
        {
            (double log, double more) = (exponent * Math.Log(factor), Math.Log(beside));
            return Math.Sqrt((log * log) + (more * more));
        }
    }

    /// <summary>A range and another that does not know of it.</summary>
    public static Spread Beside(Spread one, Spread other)
    {
        return new(Math.Exp(-Together(one.Low, other.Low)), Math.Exp(Together(one.High, other.High)));

        static double Together(double a, double b) => Math.Sqrt(Math.Pow(Math.Log(a), 2) + Math.Pow(Math.Log(b), 2));
    }

    /// <summary>Whether an engine was measured on a vendor's hardware.</summary>
    public static bool KnowsVendor(EngineSpeed engine, Gpu gpu)
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
    private static EngineGeneration Nearest(EngineSpeed engine, Gpu gpu)
    {
        if (gpu.IsProcessor)
        {
            return OfHost(engine, gpu);
        }

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
